import { createHash } from 'node:crypto';
import type {
  Action,
  LoadBalancerSchemeEnum,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { Timeline } from '../timeline.ts';

export type Alb = {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly dnsName: string;
  readonly scheme: LoadBalancerSchemeEnum;
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly listeners: Map<string, AlbListener>;
  listenersCreated: number;
};

export type AlbListener = {
  readonly arn: string;
  readonly balancer: Alb;
  readonly port: number;
  readonly tags: Map<string, string>;
  /** Null for an HTTP listener. */
  readonly tls: { policy: string; readonly certificates: Timeline<ListenerCertificates> } | null;
  actions: readonly Action[];
  /** Sorted by priority, lowest first; without the default rule, which is `actions`. */
  readonly rules: Timeline<readonly AlbRule[]>;
  rulesCreated: number;
};

export type AlbRule = {
  readonly arn: string;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
  readonly tags: Map<string, string>;
};

/** A target group for a function. */
export type TargetGroup = {
  readonly arn: string;
  readonly name: string;
  readonly account: string;
  readonly region: string;
  readonly tags: Map<string, string>;
  /** The only function that it may have. */
  functionArn: string | null;
};

/** The balancers of all accounts and regions; a look-up sees only the caller's. */
export type Albs = {
  readonly all: Map<string, Alb>;
  readonly groups: Map<string, TargetGroup>;
  /** The number of times that a balancer of that account, region and name was created, including this one. */
  countOf(name: string): number;
  of(call: Call): readonly Alb[];
  balancer(arn: string | undefined, call: Call): Alb;
  listener(arn: string | undefined, call: Call): AlbListener;
  group(arn: string | undefined, call: Call): TargetGroup;
  /** The tags of deleted rules, which policies still see for a while. */
  readonly deletedRules: Map<string, ReadonlyMap<string, string>>;
  rule(
    arn: string | undefined,
    call: Call,
  ): { readonly listener: AlbListener; readonly rule: AlbRule };
};

export function albs(): Albs {
  const all = new Map<string, Alb>();
  const created = new Map<string, number>();
  const of = (call: Call) =>
    [...all.values()].filter((alb) => alb.account === call.account && alb.region === call.region);
  const groups = new Map<string, TargetGroup>();
  return {
    deletedRules: new Map(),
    all,
    groups,
    group(arn, { account, region }) {
      const found = groups.get(arn ?? '');
      if (found && found.account === account && found.region === region) return found;
      throw new AwsError('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
    },
    countOf(name) {
      const count = (created.get(name) ?? 0) + 1;
      created.set(name, count);
      return count;
    },
    of,
    balancer(arn, call) {
      const found = of(call).find((alb) => alb.arn === arn);
      if (found) return found;
      throw new AwsError('LoadBalancerNotFoundException', `Load balancer '${arn}' not found`);
    },
    listener(arn, call) {
      for (const alb of of(call)) {
        const found = alb.listeners.get(arn ?? '');
        if (found) return found;
      }
      throw new AwsError('ListenerNotFoundException', `Listener '${arn}' not found`);
    },
    rule(arn, call) {
      for (const alb of of(call)) {
        for (const listener of alb.listeners.values()) {
          const rule = listener.rules.latest().find((each) => each.arn === arn);
          if (rule) return { listener, rule };
        }
      }
      throw new AwsError('RuleNotFoundException', `Rule '${arn}' not found`);
    },
  };
}

/** The last part of an ARN. It is not random, so that the same landscape has the same ARNs in every cloud. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
