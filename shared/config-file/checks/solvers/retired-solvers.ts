import type { Finding } from '#shared/schema/finding.ts';
import { solverKey } from '#shared/solvers/solver-key.ts';
import type { Draft } from '../../draft.ts';

export function retiredSolversAreLeft({ solvers, retired }: Draft): readonly Finding[] {
  const inUse = new Map(solvers?.map((solver, at) => [solverKey(solver), `solvers[${at}]`]));
  const seen = new Set<string>();
  return retired.solvers.flatMap(({ at, value: solver }) => {
    const key = solverKey(solver);
    const user = inUse.get(key);
    const message = user
      ? `is still used: it is ${user} too`
      : seen.has(key)
        ? 'is listed twice'
        : null;
    seen.add(key);
    if (message === null) return [];
    const fix = user
      ? 'Remove it here: a configured solver cleans up after itself.'
      : 'Remove one of the two.';
    return [{ path: ['retired', 'solvers', at], value: key, message, fix }];
  });
}
