import { solverSelection } from '#shared/acquire/solvers/select.ts';
import type { Draft } from '../draft.ts';
import type { Finding } from '../problem.ts';

export function solversCoverNames({ solvers, certificates }: Draft): readonly Finding[] {
  if (solvers === null) return [];
  const select = solverSelection(solvers);
  return certificates.flatMap(({ id, names }) =>
    names
      .filter(({ value: name }) => select(name) === null)
      .map(({ at }) => ({
        path: ['certificates', id, 'names', at],
        message: 'has no solver: the selector of none covers it',
        fix: 'Add the name or its zone to a selector, or a solver without selector as the default.',
      })),
  );
}
