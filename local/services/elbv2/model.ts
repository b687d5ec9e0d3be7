import type { Action, LoadBalancerSchemeEnum } from '@aws-sdk/client-elastic-load-balancing-v2';
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
};

export type AlbListener = {
  readonly arn: string;
  readonly balancer: Alb;
  readonly port: number;
  readonly tags: Map<string, string>;
  /** Null for an HTTP listener. */
  readonly tls: { policy: string; readonly certificates: Timeline<ListenerCertificates> } | null;
  actions: readonly Action[];
};

/** The balancers of all accounts and regions; every look-up sees only the caller's. */
export type Albs = {
  readonly all: Map<string, Alb>;
  of(call: Call): readonly Alb[];
  balancer(arn: string | undefined, call: Call): Alb;
  listener(arn: string | undefined, call: Call): AlbListener;
};

export function albs(): Albs {
  const all = new Map<string, Alb>();
  const of = (call: Call) =>
    [...all.values()].filter((alb) => alb.account === call.account && alb.region === call.region);
  return {
    all,
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
  };
}

export function validationError(message: string): AwsError {
  return new AwsError('ValidationError', message);
}
