import { idPattern } from '#shared/config-file/checks/certificates/ids.ts';
import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed, noteText } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { type Reached, reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { fleetStatus } from '../status/read-status.ts';
import { assertKnown } from '../status/selection.ts';
import { linesAbout, patternFor, type Runs } from './about.ts';
import { follow } from './follow.ts';
import type { LogEvent } from './log-event.ts';
import { jsonLine, logLine } from './page.ts';
import { readLines } from './read-lines.ts';

export type LogsOptions = ReachOptions & {
  readonly id: string;
  /** So long ago. */
  readonly since: number;
  readonly follow: boolean;
  readonly json: boolean;
};

/** Prints what all functions have written about one certificate, and returns the exit code. */
export async function logs(options: LogsOptions, terminal: Terminal): Promise<number> {
  const { id, json } = options;
  const reached = await reach(options);
  // It becomes part of a pattern.
  if (!idPattern.test(id)) assertKnown(await fleetStatus(reached), id);
  const look = await looker(reached, id);
  const fromMs = systemClock.now().getTime() - options.since;
  const first = await look(fromMs);
  if (first.cut.length > 0) terminal.complain(noteText(cutText(first.cut)));
  if (first.lines.length === 0) assertKnown(await fleetStatus(reached), id);
  if (first.lines.length === 0 && !json) terminal.complain(noteText(nothingText(id, fromMs)));
  const show = (event: LogEvent) =>
    terminal.print(json ? jsonLine(event) : logLine(event, terminal.paint));
  for (const event of first.lines) show(event);
  if (!options.follow) return 0;
  const ports = { clock: systemClock, terminal };
  await follow(
    async (since) => (await look(since)).lines,
    show,
    { events: first.lines, fromMs },
    ports,
  );
  return 0;
}

type Looked = { readonly lines: readonly LogEvent[]; readonly cut: readonly string[] };

async function looker(
  { location }: Reached,
  id: string,
): Promise<(fromMs: number) => Promise<Looked>> {
  const { logPages } = await import('./client.ts');
  const readPage = logPages(location);
  const runs: Runs = new Set();
  return async (fromMs) => {
    const { cut, events, isInstalled } = await readLines(readPage, {
      pattern: patternFor(id),
      fromMs,
    });
    if (isInstalled) return { lines: linesAbout(id, events, runs), cut };
    const { account, installation, region } = location;
    throw new CommandFailed(
      `no function of an installation "${installation}" has a log in ${account}/${region}`,
      'npx certkeep status --region REGION --account ACCOUNT --installation NAME',
    );
  };
}

function cutText(functions: readonly string[]): string {
  return `${functions.join(', ')} wrote more than is read at once, and the latest lines are missing: ask for less, as with --since 1h`;
}

function nothingText(id: string, fromMs: number): string {
  const at = new Date(fromMs).toISOString().slice(0, 16).replace('T', ' ');
  return `no function has written anything about ${id} since ${at} UTC; --since 7d looks further back`;
}
