import { createHash } from 'node:crypto';
import type {
  Action,
  LoadBalancerSchemeEnum,
  RuleCondition,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { CertificateSource } from '../elb-certificates.ts';
import type { Timeline } from '../timeline.ts';

export type BalancerType = 'application' | 'network';

export type KnownBalancer = {
  readonly type: BalancerType;
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
  readonly listeners: Map<string, KnownListener>;
  listenersCreated: number;
};

/** The protocols of listeners here. Those of UDP and QUIC have no certificates, and nothing to show. */
export type ListenerProtocol = 'HTTP' | 'HTTPS' | 'TCP' | 'TLS';

export type KnownListener = {
  readonly arn: string;
  readonly balancer: KnownBalancer;
  readonly port: number;
  readonly protocol: ListenerProtocol;
  readonly tags: Map<string, string>;
  /** Null for a listener without certificates. */
  readonly tls: { policy: string; readonly certificates: Timeline<ListenerCertificates> } | null;
  /** The ALPN policy of a TLS listener. It is kept and shown; handshakes here do not follow it. */
  alpnPolicy: readonly string[];
  actions: readonly Action[];
  /** Sorted by priority, lowest first; without the default rule, which is `actions`. */
  readonly rules: Timeline<readonly KnownRule[]>;
  rulesCreated: number;
};

export type KnownRule = {
  readonly arn: string;
  readonly priority: number;
  readonly conditions: readonly RuleCondition[];
  readonly actions: readonly Action[];
  readonly tags: Map<string, string>;
};

/** Invokes a function for a target group; null where the group may not invoke it, or it fails. */
export type InvokeTarget = (
  functionArn: string,
  groupArn: string,
  event: unknown,
) => Promise<unknown>;

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

/** The load balancers of all accounts and regions; a look-up sees only the caller's. */
export type Elbv2State = CertificateSource & {
  readonly balancers: LoadBalancers;
  /** Runs the functions of target groups. */
  readonly invoke: InvokeTarget;
  /** The quota of certificates of one load balancer; of an application load balancer without defaults. */
  readonly maxCertificates: number;
  /** The quota of rules of one load balancer, without defaults. */
  readonly maxRules: number;
  readonly known: Map<string, KnownBalancer>;
  /** The number of times that a balancer of an account, region and name was created. */
  readonly created: Map<string, number>;
  readonly groups: Map<string, TargetGroup>;
  /** The tags of deleted rules, which policies still see for a while. */
  readonly deletedRules: Map<string, ReadonlyMap<string, string>>;
};

export function balancersOf(
  { known }: Elbv2State,
  { account, region }: Call,
): readonly KnownBalancer[] {
  return [...known.values()].filter(
    (balancer) => balancer.account === account && balancer.region === region,
  );
}

export function balancerAt(state: Elbv2State, arn: string | undefined, call: Call): KnownBalancer {
  const found = balancersOf(state, call).find((balancer) => balancer.arn === arn);
  if (found) return found;
  throw new AwsError('LoadBalancerNotFoundException', `Load balancer '${arn}' not found`);
}

export function listenersOf(state: Elbv2State, call: Call): readonly KnownListener[] {
  return balancersOf(state, call).flatMap((balancer) => [...balancer.listeners.values()]);
}

export function listenerAt(state: Elbv2State, arn: string | undefined, call: Call): KnownListener {
  for (const { listeners } of balancersOf(state, call)) {
    const found = listeners.get(arn ?? '');
    if (found) return found;
  }
  throw new AwsError('ListenerNotFoundException', `Listener '${arn}' not found`);
}

export function ruleAt(
  state: Elbv2State,
  arn: string | undefined,
  call: Call,
): { readonly listener: KnownListener; readonly rule: KnownRule } {
  for (const listener of listenersOf(state, call)) {
    const rule = listener.rules.latest().find((each) => each.arn === arn);
    if (rule) return { listener, rule };
  }
  throw new AwsError('RuleNotFoundException', `Rule '${arn}' not found`);
}

export function groupAt(state: Elbv2State, arn: string | undefined, call: Call): TargetGroup {
  const found = state.groups.get(arn ?? '');
  if (found && found.account === call.account && found.region === call.region) return found;
  throw new AwsError('TargetGroupNotFoundException', `Target groups '${arn}' not found`);
}

/** The last part of an ARN. It is not random, so that the same landscape has the same ARNs in every cloud. */
export function idOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16);
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
