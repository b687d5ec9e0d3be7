import { placeKey } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import { arnOfOnePartition } from '#shared/schema/arn-of-one-partition.ts';
import type { Finding, Path } from '#shared/schema/finding.ts';
import type { PluginCheck, SeenFile } from '#shared/schema/plugin-check.ts';
import { listenerParts } from './listener-arn.ts';
import type { AlbHttp01Config } from './schema.ts';

type Selected = AlbHttp01Config & { readonly selector?: { readonly dnsNames?: readonly string[] } };

/** Checks that an HTTP solver is asked only for names that HTTP-01 can prove, on a listener where certkeep may act. */
export const albHttp01Check: PluginCheck<Selected> = (own, file) =>
  own.flatMap(({ path, value }) => [
    ...arnOfOnePartition(value.listener, [...path, 'listener']),
    ...wildcardFindings(value.selector?.dnsNames ?? [], path),
    ...partitionFindings(value.listener, path, file.region),
    ...permanentFindings(value, path, file),
    ...httpsFindings(value.listener, path, file),
  ]);

function isOne(solver: { readonly type: string }): solver is AlbHttp01Config {
  return solver.type === 'alb-http01';
}

function wildcardFindings(names: readonly string[], path: Path): readonly Finding[] {
  return names.flatMap((name, at) => {
    if (!name.startsWith('*.')) return [];
    return [
      {
        path: [...path, 'selector', 'dnsNames', at],
        message:
          'is a wildcard, which CAs validate only through DNS, but this solver answers over HTTP',
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

/** A listener with certificates speaks HTTPS, but a CA begins with plain HTTP on port 80 (RFC 8555 §8.3). */
function httpsFindings(
  listener: string,
  path: Path,
  { certificates }: SeenFile,
): readonly Finding[] {
  for (const { id, targets } of certificates) {
    const target = targets.find(({ value }) => 'listener' in value && value.listener === listener);
    if (!target) continue;
    const [balancer = ''] = listener.replace(':listener/', ':loadbalancer/').split(/\/[0-9a-f]+$/);
    return [
      {
        path: [...path, 'listener'],
        message: `is the HTTPS listener that certificates.${id}.targets[${target.at}] is bound to: a CA asks a listener for plain HTTP on port 80`,
        fix: `Write the HTTP listener of that load balancer: aws elbv2 describe-listeners --load-balancer-arn ${balancer} --query "Listeners[?Protocol=='HTTP'].ListenerArn".`,
      },
    ];
  }
  return [];
}

function permanentFindings(
  solver: AlbHttp01Config,
  path: Path,
  file: SeenFile,
): readonly Finding[] {
  const { listener, priority, rule } = solver;
  if (rule === 'temporary') {
    if (priority === undefined) return [];
    return [
      {
        path: [...path, 'priority'],
        message: 'has a meaning only with a permanent rule',
        fix: 'Write "rule: permanent", or remove this line: temporary rules take a free priority.',
      },
    ];
  }
  return [
    ...priorityFindings(solver, path),
    ...homeFindings(listener, path, file),
    ...otherRuleFindings(solver, path, file),
  ];
}

/** Many listeners have a rule 1; a priority that is taken (`PriorityInUse`) fails the deployment of the whole stack. */
function priorityFindings({ listener, priority }: AlbHttp01Config, path: Path): readonly Finding[] {
  if (priority !== undefined) return [];
  return [
    {
      path: [...path, 'priority'],
      message: 'is missing: the permanent rule needs one that no other rule of the listener has',
      fix: `Write a free one, before rules that take everything, such as "priority: 5". What is taken: aws elbv2 describe-rules --listener-arn ${listener} --query "Rules[].Priority"`,
    },
  ];
}

function homeFindings(
  listener: string,
  path: Path,
  { account, region }: SeenFile,
): readonly Finding[] {
  const at = listenerParts(listener);
  if (account === null || region === null) return [];
  if (at.account === account && at.region === region) return [];
  return [
    {
      path: [...path, 'rule'],
      message: `is permanent, and the listener is in ${placeKey(at)}: the function that answers is in ${placeKey({ account, region })}, and no load balancer elsewhere reaches it`,
      fix: 'Remove this line: temporary rules are made in every account and region.',
    },
  ];
}

/** A second permanent rule would stand before the temporary rules, or CloudFormation would create it twice. */
function otherRuleFindings(
  solver: AlbHttp01Config,
  path: Path,
  { solvers }: SeenFile,
): readonly Finding[] {
  const at = (solvers ?? []).findIndex(
    (other) =>
      isOne(other) &&
      other.listener === solver.listener &&
      (other.rule !== solver.rule || other.priority !== solver.priority),
  );
  if (at < 0) return [];
  return [
    {
      path: [...path, 'rule'],
      message: `is permanent, and solvers[${at}] has another rule for the same listener`,
      fix: 'Give both the same rule and priority.',
    },
  ];
}
