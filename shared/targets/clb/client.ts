import {
  AddTagsCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingClient,
  type LoadBalancerDescription,
  SetLoadBalancerListenerSSLCertificateCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { together } from '../batched.ts';
import { tagsIn } from '../tags-in.ts';

export type ClbBalancer = {
  readonly host: string;
  /** It has private addresses only. */
  readonly isInternal: boolean;
  /** Certificate ARNs by the port of each listener; null where it has none. */
  readonly certificateArns: ReadonlyMap<number, string | null>;
};

/** Classic Load Balancers, in the terms of the target. */
export type ClbClient = {
  /** Describes load balancers by name. @throws CertkeepError ListenerNotFound where one of them does not exist */
  balancers(names: readonly string[]): Promise<ReadonlyMap<string, ClbBalancer>>;
  /** @throws CertkeepError ListenerRefused, ListenerNotFound, and CertificateNotFound where ELB says so */
  setCertificate(name: string, port: number, certificateArn: string): Promise<void>;
  tags(name: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CertkeepError ListenerNotFound, ListenerRefused */
  tag(name: string, key: string, value: string): Promise<void>;
};

/** Elastic Load Balancing (classic) through the SDK. */
export function awsClbClient(options: ClientOptions): ClbClient {
  const client = new ElasticLoadBalancingClient(options);
  return {
    balancers: (names) =>
      named('DescribeLoadBalancers', together(names), async () => {
        const answer = await client.send(
          new DescribeLoadBalancersCommand({ LoadBalancerNames: [...names] }),
        );
        return new Map(answer.LoadBalancerDescriptions?.flatMap(described));
      }),
    tags: (name) =>
      named('DescribeTags', name, async () => {
        const { TagDescriptions = [] } = await client.send(
          new DescribeTagsCommand({ LoadBalancerNames: [name] }),
        );
        return tagsIn(TagDescriptions.flatMap(({ Tags }) => Tags ?? []));
      }),
    tag: (name, Key, Value) =>
      named('AddTags', name, async () => {
        const LoadBalancerNames = [name];
        await client.send(new AddTagsCommand({ LoadBalancerNames, Tags: [{ Key, Value }] }));
      }),
    setCertificate: (LoadBalancerName, LoadBalancerPort, SSLCertificateId) =>
      named(
        'SetLoadBalancerListenerSSLCertificate',
        `${LoadBalancerName}:${LoadBalancerPort}`,
        async () => {
          await client.send(
            new SetLoadBalancerListenerSSLCertificateCommand({
              LoadBalancerName,
              LoadBalancerPort,
              SSLCertificateId,
            }),
          );
        },
      ),
  };
}

function described(balancer: LoadBalancerDescription): readonly [string, ClbBalancer][] {
  const { LoadBalancerName: name, DNSName: host, ListenerDescriptions = [] } = balancer;
  if (!name || !host) return [];
  const certificateArns = new Map(
    ListenerDescriptions.map(({ Listener }) => [
      Listener?.LoadBalancerPort ?? 0,
      Listener?.SSLCertificateId ?? null,
    ]),
  );
  return [[name, { host, isInternal: balancer.Scheme === 'internal', certificateArns }]];
}

const named = serviceCalls({
  service: 'ELB',
  stage: 'rebind',
  known: {
    CertificateNotFoundException: 'as-is',
    CertificateNotFound: 'as-is',

    AccessPointNotFoundException: 'ListenerNotFound',
    LoadBalancerNotFoundException: 'ListenerNotFound',
    ListenerNotFoundException: 'ListenerNotFound',
    TooManyTagsException: 'ListenerRefused',
    // The listener speaks plain HTTP or TCP.
    UnsupportedProtocolException: 'ListenerRefused',
    // This includes a key that a Classic Load Balancer does not accept from ACM.
    InvalidConfigurationRequestException: 'ListenerRefused',
    UnsupportedCertificate: 'ListenerRefused',
    UnsupportedCertificateException: 'ListenerRefused',
  },
});
