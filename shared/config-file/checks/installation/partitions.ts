import { partitionOf } from '#shared/region.ts';
import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { RetiredSolverConfig } from '#shared/solvers/specs.ts';
import type { Draft } from '../../draft.ts';

/** Nothing crosses partitions. A plugin's own checks look at its entries. */
export function retiredSolversAreOfOnePartition({ region, retired }: Draft): readonly Finding[] {
  return retired.solvers.flatMap(({ at, value }) => {
    const path = ['retired', 'solvers', at];
    const listener = 'listener' in value ? value.listener : null;
    return [
      ...(listener === null ? [] : arnOfOnePartition(listener, [...path, 'listener'])),
      ...strangers(value, path, region),
    ];
  });
}

/** No other check looks at where retired entries are. */
function strangers(
  solver: RetiredSolverConfig,
  path: Path,
  home: string | null,
): readonly Finding[] {
  if (home === null) return [];
  return (['listener', 'roleArn', 'secret'] as const).flatMap((key) => {
    const written = (solver as Readonly<Record<string, unknown>>)[key];
    const [prefix, partition] = typeof written === 'string' ? written.split(':') : [];
    if (prefix !== 'arn' || partition === partitionOf(home)) return [];
    return [
      {
        path: [...path, key],
        message: `is in the partition ${partition}, out of reach from ${home}`,
        fix: 'Remove this solver: certkeep has never acted there from here.',
      },
    ];
  });
}
