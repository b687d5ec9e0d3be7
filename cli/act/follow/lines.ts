import { oneLine } from '#shared/text/plain-text.ts';
import { cut, padded, wrapped } from '../../text/width.ts';
import type { Step } from './steps.ts';

const longest = { id: 64, text: 600 };
const stageWidth = 6;
/** An id that is longer has a line that is longer. */
const mostForId = 24;

/** `03:12:41  store   shop  0AFF, valid until 2027-03-01`, and below it what does not fit. */
export function stepLines(id: string, step: Step, width: number): readonly string[] {
  const name = oneLine(id, longest.id);
  const head = `${step.at.slice(11, 19)}  ${step.stage.padEnd(stageWidth)}  ${name}  `;
  const room = Math.max(mostForId, width - head.length);
  return wrapped(oneLine(step.text, longest.text), room).map(
    (line, index) => (index === 0 ? head : padded('', head.length)) + line,
  );
}

const frames = ['-', '\\', '|', '/'] as const;

/** The line that a terminal shows while something is under way. */
export function waitingLine(
  waiting: readonly { readonly id: string; readonly waitsFor: string }[],
  {
    look,
    seconds,
    width,
  }: { readonly look: number; readonly seconds: number; readonly width: number },
): string {
  const [first] = waiting;
  const more = waiting.length > 1 ? `, and ${waiting.length - 1} more` : '';
  const what = first
    ? `${oneLine(first.id, longest.id)} waits for ${oneLine(first.waitsFor, longest.text)}`
    : '';
  return cut(`${frames[look % frames.length]} ${seconds} s: ${what}${more}`, width - 1);
}

export function endLines(id: string, text: string, width: number): readonly string[] {
  return wrapped(`${oneLine(id, longest.id)}: ${oneLine(text, longest.text)}`, width);
}
