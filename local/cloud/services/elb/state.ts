import type { ListenerCertificates } from '../../load-balancers/certificate-choice.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import type { AcmCertificate } from '../acm/certificate.ts';
import type { CertificateSource } from '../elb-certificates.ts';
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

export type ElbState = CertificateSource & {
  /** `serverCertificates().find`; without it IAM has none. */
  readonly findInIam?: (arn: string) => AcmCertificate | null;
  readonly balancers: LoadBalancers;
  readonly maxBalancers: number;
  /** The load balancers of all accounts and regions by their ARN. */
  readonly classics: Map<string, ClassicBalancer>;
};

export function classicsOf(state: ElbState, call: Call): readonly ClassicBalancer[] {
  return [...state.classics.values()].filter(
    ({ account, region }) => account === call.account && region === call.region,
  );
}

export function classicNamed(
  state: ElbState,
  name: string | undefined,
  call: Call,
): ClassicBalancer {
  const found = classicsOf(state, call).find((each) => each.name === name);
  if (found) return found;
  const message = `There is no ACTIVE Load Balancer named '${name}'`;
  throw new AwsError('AccessPointNotFoundException', message);
}
