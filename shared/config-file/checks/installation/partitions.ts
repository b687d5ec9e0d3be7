import { partitionOf } from '#shared/region.ts';
import type { SolverConfig } from '#shared/solvers/specs.ts';
import type { Draft } from '../../draft.ts';
import type { Finding, Path } from '../../messages/problem.ts';

/**
 * Nothing reaches from one partition into another, and an ARN that contradicts itself names nothing. What a part
 * of the file says besides is looked at by the checks of that part.
 */
export function arnsAreOfOnePartition(draft: Draft): readonly Finding[] {
  return [
    ...draft.certificates.flatMap(({ id, targets }) =>
      targets.flatMap(({ at, value }) =>
        value.type === 'alb'
          ? contradictions(value.listener, ['certificates', id, 'targets', at, 'listener'])
          : [],
      ),
    ),
    ...(draft.solvers ?? []).flatMap((solver, at) => listenerFindings(solver, ['solvers', at])),
    ...draft.retired.solvers.flatMap(({ at, value }) => {
      const path = ['retired', 'solvers', at];
      return [...listenerFindings(value, path), ...strangers(value, path, draft.region)];
    }),
  ];
}

function listenerFindings(solver: SolverConfig, path: Path): readonly Finding[] {
  return solver.type === 'alb-http01' ? contradictions(solver.listener, [...path, 'listener']) : [];
}

function contradictions(arn: string, path: Path): readonly Finding[] {
  const [, partition, , region = ''] = arn.split(':');
  if (partition === partitionOf(region)) return [];
  return [
    {
      path,
      message: `names the partition ${partition}, and ${region} is in ${partitionOf(region)}`,
      fix: 'Copy the ARN as AWS shows it.',
    },
  ];
}

/** What is retired is read by no other check for where it is. */
function strangers(solver: SolverConfig, path: Path, home: string | null): readonly Finding[] {
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

/**
 * "Route 53 public hosted zones are not available" in AWS GovCloud (US), and no role of it reaches another
 * partition (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html).
 */
export function zonesArePublic({ region, solvers }: Draft): readonly Finding[] {
  if (region === null || partitionOf(region) !== 'aws-us-gov') return [];
  return (solvers ?? []).flatMap((solver, at) =>
    solver.type === 'route53'
      ? [
          {
            path: ['solvers', at, 'type'],
            message: `cannot prove a name from ${region}: Route 53 has no public hosted zones in AWS GovCloud (US), and those of other partitions are out of reach`,
            fix: 'Use the solver of another DNS service, or alb-http01; or install certkeep in the partition of the zone.',
          },
        ]
      : [],
  );
}
