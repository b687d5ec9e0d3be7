import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { Timeline } from '../timeline.ts';

export type ClassicBalancer = {
  readonly arn: string;
  readonly name: string;
  readonly region: string;
  readonly account: string;
  readonly dnsName: string;
  readonly scheme: string;
  readonly zones: readonly string[];
  readonly subnets: readonly string[];
  readonly securityGroups: readonly string[];
  readonly createdAt: Date;
  readonly tags: Map<string, string>;
  readonly listeners: readonly ClassicListener[];
};

export type ClassicListener = {
  readonly protocol: 'HTTP' | 'HTTPS' | 'SSL';
  readonly port: number;
  readonly instanceProtocol: string;
  readonly instancePort: number;
  /** Null for HTTP. The list is always empty: a Classic ELB has one certificate per listener. */
  readonly certificates: Timeline<ListenerCertificates> | null;
};

export type ClassicBalancers = {
  readonly all: Map<string, ClassicBalancer>;
  of(call: Call): readonly ClassicBalancer[];
  named(name: string | undefined, call: Call): ClassicBalancer;
};

export function classicBalancers(): ClassicBalancers {
  const all = new Map<string, ClassicBalancer>();
  const of = (call: Call) =>
    [...all.values()].filter(
      (each) => each.account === call.account && each.region === call.region,
    );
  return {
    all,
    of,
    named(name, call) {
      const found = of(call).find((each) => each.name === name);
      if (found) return found;
      const message = `There is no ACTIVE Load Balancer named '${name}'`;
      throw new AwsError('AccessPointNotFoundException', message);
    },
  };
}
