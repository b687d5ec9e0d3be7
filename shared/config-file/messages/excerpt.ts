import { withoutSecrets } from '#shared/schema/secret-value.ts';
import type { Excerpt, Range } from './problem.ts';

/** Wider than a terminal; longer lines are cut around the problem. */
const widest = 160;
const before = 60;
const farthest = 400;
/** A longer range is marked only at its beginning. */
const mostMarked = 60;

/** The line in which a range begins, with secrets hidden, and the range's columns in it. */
export function excerptOf(text: string, range: Range, hidden: readonly Range[]): Excerpt {
  const newline = text.indexOf('\n', range[0]);
  // A file may be a single line of a megabyte.
  const lineStart = Math.max(
    range[0] === 0 ? 0 : text.lastIndexOf('\n', range[0] - 1) + 1,
    range[0] - farthest,
  );
  const lineEnd = Math.min(newline === -1 ? text.length : newline, range[0] + 2 * farthest);
  const shown = (from: number, to: number) => shownPart(text, from, to, hidden);
  const left = shown(lineStart, range[0]);
  const middle = shown(range[0], Math.max(range[0], Math.min(range[1], lineEnd)));
  const right = shown(Math.max(range[0], Math.min(range[1], lineEnd)), lineEnd);
  return windowOf(left, middle, right.trimEnd());
}

function windowOf(left: string, middle: string, right: string): Excerpt {
  const isLong = left.length + middle.length + right.length > widest;
  const begin = isLong && left.length > before ? `…${left.slice(-before)}` : left;
  const whole = `${begin}${middle}${right}`;
  const text = whole.length > widest + before ? `${whole.slice(0, widest)}…` : whole;
  const marked = Math.min(middle.trimEnd().length, text.length - begin.length);
  const width = marked > mostMarked ? 1 : Math.max(1, marked);
  return { text, column: begin.length + 1, width };
}

/** One character stays one column, so that the mark below it fits. */
function shownPart(text: string, from: number, to: number, hidden: readonly Range[]): string {
  let shown = '';
  let at = from;
  const inside = hidden
    .filter(([start, end]) => start < to && end > from)
    .toSorted(([a], [b]) => a - b);
  for (const [start, end] of inside) {
    if (start > at) shown += withoutSecrets(text.slice(at, start));
    if (end > at) shown += '…';
    at = Math.max(at, end);
  }
  if (at < to) shown += withoutSecrets(text.slice(at, to));
  return shown.replace(/\t/g, ' ').replace(/[\p{C}\p{Zl}\p{Zp}\u00a0]/gu, '·');
}
