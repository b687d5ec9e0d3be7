import type { NamedCall } from '../calls.ts';
import { kindOf } from '../fixed.ts';

/** Returns the first change of each kind that each function makes: every stage has some. */
export function pointsOf(calls: readonly NamedCall[]): readonly NamedCall[] {
  const changes = calls.filter(({ changes }) => changes);
  const kinds = Map.groupBy(changes, kindOf);
  return [...kinds.values()].flatMap(([first]) => first ?? []);
}
