import { partitionOf } from '#shared/region.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { Draft } from '../../draft.ts';
import type { Finding } from '../../messages/problem.ts';

export function solverRolesCanBeAssumed({ region, solvers }: Draft): readonly Finding[] {
  return (solvers ?? []).flatMap((solver, index) =>
    solver.type === 'route53' ? roleFindings(solver, ['solvers', index], region) : [],
  );
}

function roleFindings(
  { roleArn, externalId }: SolverConfig & { readonly type: 'route53' },
  path: readonly (string | number)[],
  region: string | null,
): readonly Finding[] {
  if (roleArn === undefined) {
    if (externalId === undefined) return [];
    return [
      {
        path: [...path, 'externalId'],
        message: 'is given without a role that could ask for it',
        fix: 'Write the role as "roleArn:", or remove this line.',
      },
    ];
  }
  const partition = roleArn.split(':')[1] ?? '';
  if (region === null || partition === partitionOf(region)) return [];
  return [
    {
      path: [...path, 'roleArn'],
      message: `is a role in the partition ${partition}, out of reach from ${region}`,
      fix: 'Use a role of the same partition, or install certkeep in that partition too.',
    },
  ];
}
