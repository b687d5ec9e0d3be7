import type { Candidate } from './survey.ts';

export type Picked =
  | { readonly ok: true; readonly candidates: readonly Candidate[] }
  | { readonly ok: false; readonly why: string };

/** Reads `all`, `none`, or numbers as they stand in the table: `1 3-5`. */
export function pickedByNumbers(answer: string, all: readonly Candidate[]): Picked {
  const words = answer
    .trim()
    .toLowerCase()
    .split(/[\s,]+/)
    .filter((word) => word !== '');
  if (words.length === 0) return { ok: false, why: 'Write numbers, "all" or "none".' };
  if (words.join() === 'all') return { ok: true, candidates: all };
  if (words.join() === 'none') return { ok: true, candidates: [] };
  const numbers = new Set<number>();
  for (const word of words) {
    const [, first = '', last = first] = /^(\d{1,5})(?:-(\d{1,5}))?$/.exec(word) ?? [];
    const [from, to] = [Number(first), Number(last)];
    if (first === '' || from < 1 || to > all.length || from > to) {
      return { ok: false, why: `"${word}" is none of the numbers 1 to ${all.length}.` };
    }
    for (let number = from; number <= to; number += 1) numbers.add(number);
  }
  return { ok: true, candidates: all.filter((_, index) => numbers.has(index + 1)) };
}

/** Picks by the ARNs of what is in use now. */
export function pickedByArns(arns: readonly string[], all: readonly Candidate[]): Picked {
  const unknown = arns.find((arn) => !all.some((each) => each.arns.includes(arn)));
  return unknown === undefined
    ? { ok: true, candidates: all.filter((each) => arns.some((arn) => each.arns.includes(arn))) }
    : { ok: false, why: `${unknown} is none of the certificates that certkeep can take` };
}
