import type { Jump } from './follow.ts';

export type Walk = {
  /** Calls into another file, each where it is written, once. */
  readonly jumps: number;
  readonly files: number;
  readonly returns: number;
  /** The files that the walk comes back to, and how often; most often first. */
  readonly returnsTo: Readonly<Record<string, number>>;
};

/**
 * The walk of a reader who follows the calls in their order. A call is followed where it is written, the first time
 * that it is made: what a loop calls again is known by then. Each jump leads into the file of the function; jumps into
 * one file that follow each other are one stay there. Coming back from a call to the line after it is how
 * everybody reads, and is not counted. A stay in a file where the walk was before is a return.
 */
export function walkOf(all: readonly Jump[]): Walk {
  const jumps = followedOnce(all);
  const stays = jumps.map(({ to }) => to).filter((file, at) => file !== jumps[at - 1]?.to);
  const returns = new Map<string, number>();
  for (const [at, file] of stays.entries()) {
    if (stays.indexOf(file) < at) returns.set(file, (returns.get(file) ?? 0) + 1);
  }
  const files = new Set(stays).size;
  return {
    jumps: jumps.length,
    files,
    returns: stays.length - files,
    returnsTo: Object.fromEntries([...returns].toSorted(([, one], [, other]) => other - one)),
  };
}

/** The jumps that a reader makes. */
export function followedOnce(all: readonly Jump[]): readonly Jump[] {
  const sites = new Map(all.toReversed().map((jump) => [`${jump.from} ${jump.name}`, jump]));
  return all.filter((jump) => sites.get(`${jump.from} ${jump.name}`) === jump);
}
