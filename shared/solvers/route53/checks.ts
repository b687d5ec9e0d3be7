import { partitionOf } from '#shared/region.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { PluginCheck } from '#shared/schema/plugin-check.ts';
import type { Route53SolverConfig } from './schema.ts';

/** Checks that certkeep may act in the role, that a zone behind a CNAME has a name, and that CAs can see the zone. */
export const route53Check: PluginCheck<Route53SolverConfig> = (own, { region }) =>
  own.flatMap(({ path, value }) => [
    ...roleFindings(value, path, region),
    ...followFindings(value, path),
    ...publicFindings(path, region),
  ]);

function roleFindings(
  { roleArn, externalId }: Route53SolverConfig,
  path: Path,
  region: string | null,
): readonly Finding[] {
  if (roleArn === undefined) {
    if (externalId === undefined) return [];
    return [
      {
        path: [...path, 'externalId'],
        message: 'has a meaning only with a role that requires it',
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

/**
 * Only DNS knows where a CNAME leads, so the right to write there cannot be limited to names. Without a zone, certkeep
 * could write and delete every TXT record of the account, mail policies among them.
 */
function followFindings(
  { cnameStrategy, hostedZoneId, roleArn }: Route53SolverConfig,
  path: Path,
): readonly Finding[] {
  if (cnameStrategy !== 'follow' || hostedZoneId !== undefined || roleArn !== undefined) return [];
  return [
    {
      path: [...path, 'cnameStrategy'],
      message:
        'is follow without a zone: certkeep would need the right to change every TXT record of the account',
      fix: 'Add "hostedZoneId:" with the zone that the CNAMEs lead into; if they lead into several, write a solver for each, with a selector.',
    },
  ];
}

/**
 * "Route 53 public hosted zones are not available" in AWS GovCloud (US), and no role of it reaches another
 * partition (https://docs.aws.amazon.com/govcloud-us/latest/UserGuide/govcloud-r53.html).
 */
function publicFindings(path: Path, region: string | null): readonly Finding[] {
  if (region === null || partitionOf(region) !== 'aws-us-gov') return [];
  return [
    {
      path: [...path, 'type'],
      message: `cannot prove a name from ${region}: Route 53 has no public hosted zones in AWS GovCloud (US), and those of other partitions are out of reach`,
      fix: 'Use the solver of another DNS service, or alb-http01; or install certkeep in the partition of the zone.',
    },
  ];
}
