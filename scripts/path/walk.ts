import type { Call } from './follow.ts';

export type Walk = {
  /** Calls into another file, each where it is written, once. */
  readonly jumps: number;
  readonly files: number;
  readonly returns: number;
  /** The files that the walk comes back to, and how often; most often first. */
  readonly returnsTo: Readonly<Record<string, number>>;
  /** Returns of the trace of everything that runs: see `traceReturns`. */
  readonly traceReturns: number;
};

/**
 * The walk of a reader who follows the calls in their order. A call is followed where it is written, the first time
 * that it is made: what a loop calls again is known by then. A call into another file is a jump to it; jumps into
 * one file that follow each other are one stay there. Coming back from a call to the line after it is how
 * everybody reads, and is not counted. A stay in a file where the walk was before is a return.
 */
export function walkOf(calls: readonly Call[]): Walk {
  const jumps = jumpsIn(calls);
  const stays = staysIn(jumps);
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
    traceReturns: traceReturns(calls),
  };
}

/** The calls that a reader follows into another file. */
export function jumpsIn(calls: readonly Call[]): readonly Call[] {
  const siteOf = ({ from, name }: Call) => `${from} ${name}`;
  const seen = new Set<string>();
  return calls.filter((call) => {
    if (call.from?.startsWith(`${call.to}:`) || seen.has(siteOf(call))) return false;
    seen.add(siteOf(call));
    return true;
  });
}

/**
 * The harsher count of a trace: every function that begins is a step into its file, again at each call, and so is one
 * of the caller's own file.
 */
function traceReturns(calls: readonly Call[]): number {
  const stays = staysIn(calls);
  return stays.length - new Set(stays).size;
}

function staysIn(calls: readonly Call[]): readonly string[] {
  return calls.map(({ to }) => to).filter((file, at) => file !== calls[at - 1]?.to);
}
