import type {
  AddTagsCommandInput,
  DescribeTagsCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { LoadBalancers } from '../load-balancers/load-balancers.ts';
import type { Call, Operations } from '../wire/service.ts';
import type { CertificateSource } from './elb-certificates.ts';
import { type ElbRates, meteredElb } from './elb-rates.ts';
import { checkDescribed, listTags, putTags } from './elb-tags.ts';
import { balancerOperations } from './elbv2/balancers.ts';
import { listenerCertificateOperations } from './elbv2/certificates.ts';
import { listenerOperations } from './elbv2/listeners.ts';
import { type Albs, albs as createAlbs } from './elbv2/model.ts';
import type { InvokeTarget } from './elbv2/respond.ts';
import { ruleOperations } from './elbv2/rules.ts';
import { targetGroupOperations } from './elbv2/target-groups.ts';

export type Elbv2Options = CertificateSource & {
  readonly balancers: LoadBalancers;
  /** Quota L-9365A611; 25 by default. */
  readonly maxCertificates?: number;
  /** Quota L-7EED9B64; 100 by default. */
  readonly maxRules?: number;
  /** AWS's documented rates by default. */
  readonly rates?: ElbRates;
  /** Runs the functions of target groups; without it, none can run. */
  readonly invoke?: InvokeTarget;
};

export type Elbv2State = {
  readonly operations: Operations;
  /** The tags of a load balancer, a listener or a rule, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
};

/** Elastic Load Balancing v2: application load balancers with HTTP and HTTPS listeners. */
export function elbv2(options: Elbv2Options): Elbv2State {
  const albs = createAlbs();
  const rules = { ...options, maxCertificates: options.maxCertificates ?? 25 };
  const operations: Operations = {
    ...balancerOperations(albs, options.clock, options.balancers),
    ...listenerOperations(albs, rules, {
      balancers: options.balancers,
      invoke: options.invoke ?? (async () => null),
    }),
    ...listenerCertificateOperations(albs, rules),
    ...targetGroupOperations(albs),
    ...ruleOperations(albs, { clock: options.clock, maxRules: options.maxRules ?? 100 }),
    ...tagOperations(albs),
  };
  return {
    operations: meteredElb(operations, options),
    tagsOf(arn) {
      const group = albs.groups.get(arn);
      if (group) return group.tags;
      const [balancerArn = ''] =
        /^.*:(?:loadbalancer|listener|listener-rule)\/app\/[^/]+\/[^/]+/.exec(arn) ?? [];
      const balancer = albs.all.get(balancerArn.replace(/:listener(?:-rule)?\//, ':loadbalancer/'));
      if (arn === balancer?.arn) return balancer.tags;
      const listeners = [...(balancer?.listeners.values() ?? [])];
      const rules = listeners.flatMap((listener) => listener.rules.latest());
      const found = [...listeners, ...rules].find((each) => each.arn === arn)?.tags;
      return found ?? albs.deletedRules.get(arn) ?? null;
    },
  };
}

function tagOperations(albs: Albs): Operations {
  function tagsOf(arn: string, call: Call): Map<string, string> {
    if (arn.includes(':targetgroup/')) return albs.group(arn, call).tags;
    if (arn.includes(':listener-rule/')) return albs.rule(arn, call).rule.tags;
    return arn.includes(':listener/')
      ? albs.listener(arn, call).tags
      : albs.balancer(arn, call).tags;
  }

  return {
    AddTags({ ResourceArns, Tags }: AddTagsCommandInput, call: Call) {
      for (const arn of ResourceArns ?? []) putTags(tagsOf(arn, call), Tags ?? []);
      return {};
    },
    DescribeTags({ ResourceArns = [] }: DescribeTagsCommandInput, call: Call) {
      checkDescribed(ResourceArns);
      return {
        TagDescriptions: ResourceArns.map((arn) => ({
          ResourceArn: arn,
          Tags: listTags(tagsOf(arn, call)),
        })),
      };
    },
  };
}
