import { parseJson } from '#shared/text/json.ts';
import { toldLine } from '../../text/log-line.ts';
import type { Paint, Style } from '../../text/paint.ts';
import { safeJsonLine } from '../../text/safe-json.ts';
import type { LogEvent } from './log-event.ts';

const styleOf: Readonly<Record<string, Style>> = {
  WARN: 'yellow',
  ERROR: 'red',
  CRITICAL: 'red',
};

/** `2026-11-22 03:00:05 UTC  issue    certificate issued · 04AB…` */
export function logLine({ atMs, functionName, line }: LogEvent, paint: Paint): string {
  const { level, stage, words } = toldLine(functionName, line);
  const style = styleOf[level];
  return `${stampOf(atMs)}  ${stage.padEnd(7)}  ${style ? paint(style, words) : words}`;
}

function stampOf(atMs: number): string {
  return `${new Date(atMs).toISOString().slice(0, 19).replace('T', ' ')} UTC`;
}

/** One object on a line of its own, with the line as the function has written it. */
export function jsonLine({ atMs, functionName, line }: LogEvent): string {
  const at = new Date(atMs).toISOString();
  return safeJsonLine({ at, function: functionName, line: parseJson(line) ?? line });
}
