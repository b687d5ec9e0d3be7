import { listenerParts } from '#shared/acquire/solvers/alb-http01/listener-arn.ts';
import type { Draft } from '../draft.ts';
import type { Finding } from '../problem.ts';
import { partitionOf } from '../region.ts';

export function httpSolversCanAnswer({ region, solvers }: Draft): readonly Finding[] {
  return (solvers ?? []).flatMap((solver, index) => {
    if (solver.type !== 'alb-http01') return [];
    const path = ['solvers', index] as const;
    return [
      ...wildcardFindings(solver.selector?.dnsNames ?? [], path),
      ...partitionFindings(solver.listener, path, region),
    ];
  });
}

type Path = readonly (string | number)[];

function wildcardFindings(names: readonly string[], path: Path): readonly Finding[] {
  return names.flatMap((name, at) => {
    if (!name.startsWith('*.')) return [];
    return [
      {
        path: [...path, 'selector', 'dnsNames', at],
        message: 'is a wildcard, which CAs prove through DNS alone: this solver answers over HTTP',
        fix: 'Move it to the selector of a solver that answers through DNS.',
      },
    ];
  });
}

function partitionFindings(
  listener: string,
  path: Path,
  region: string | null,
): readonly Finding[] {
  const partition = partitionOf(listenerParts(listener).region);
  if (region === null || partition === partitionOf(region)) return [];
  return [
    {
      path: [...path, 'listener'],
      message: `is in the partition ${partition}, out of reach from ${region}`,
      fix: 'Install certkeep in that partition too, with a file of its own.',
    },
  ];
}
