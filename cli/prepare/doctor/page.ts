import { oneLine } from '#shared/text/plain-text.ts';
import type { Paint, Style } from '../../text/paint.ts';
import { padded, wrapped } from '../../text/width.ts';
import { type Finding, type Mark, marks } from './check.ts';
import type { Examined } from './examine.ts';

export type Look = {
  readonly width: number;
  readonly paint: Paint;
  /** Shows every line that is ok, also of large fleets. */
  readonly all: boolean;
  /** The command that follows where nothing is wrong. */
  readonly next: string;
};

const styles: Readonly<Record<Mark, Style>> = {
  wrong: 'red',
  'not known': 'yellow',
  warning: 'yellow',
  ok: 'green',
};

const markWidth = 'not known'.length;
const indent = ' '.repeat(markWidth + 4);
const longest = { text: 600, command: 4_000 };
/** So many lines that are ok stand below one heading. */
const fewOk = 5;

/** The exit code: 1 where something is wrong, or was not found out. */
export function exitCodeOf(examined: readonly Examined[]): 0 | 1 {
  const all = examined.flatMap(({ findings }) => findings);
  return all.some(({ mark }) => mark === 'wrong' || mark === 'not known') ? 1 : 0;
}

export function doctorPage(examined: readonly Examined[], look: Look): readonly string[] {
  const blocks = examined
    .filter(({ findings }) => findings.length > 0)
    .map((each) => blockOf(each, look));
  return [
    ...blocks.flatMap((block) => [...block, '']),
    countsLine(examined),
    ...(exitCodeOf(examined) === 0 ? [`Next: ${oneLine(look.next, longest.command)}`] : []),
  ];
}

function blockOf({ findings, title }: Examined, look: Look): readonly string[] {
  const well = findings.filter(({ mark }) => mark === 'ok');
  const left = look.all ? 0 : Math.max(0, well.length - fewOk);
  const shown = left === 0 ? findings : findings.slice(0, findings.length - left);
  return [
    look.paint('bold', title),
    ...shown.flatMap((each) => findingLines(each, look)),
    ...(left > 0 ? [`${indent}${left} more are ok (--all shows them)`] : []),
  ];
}

/** A command is not broken, so that people can copy it. */
function findingLines({ command, mark, say, text }: Finding, { paint, width }: Look) {
  const room = width - indent.length;
  const [first = '', ...rest] = wrapped(oneLine(text, longest.text), room);
  const words = say === undefined ? [] : wrapped(oneLine(say, longest.text), room);
  return [
    `  ${paint(styles[mark], padded(mark, markWidth))}  ${first}`,
    ...[...rest, ...words].map((line) => `${indent}${line}`),
    ...(command === undefined ? [] : [`${indent}${oneLine(command, longest.command)}`]),
  ];
}

function countsLine(examined: readonly Examined[]): string {
  const all = examined.flatMap(({ findings }) => findings);
  return marks
    .toReversed()
    .map((mark) => [mark, all.filter((each) => each.mark === mark).length] as const)
    .filter(([, count]) => count > 0)
    .map(([mark, count]) => `${count} ${mark}`)
    .join(', ');
}
