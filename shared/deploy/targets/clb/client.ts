import {
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingClient,
  SetLoadBalancerListenerSSLCertificateCommand,
} from '@aws-sdk/client-elastic-load-balancing';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError } from '#shared/errors.ts';

/** A Classic Load Balancer's listener in the words of the target. */
export type ClbClient = {
  /** `certificateArn` is null where the listener has none. @throws CertkeepError ListenerNotFound */
  listener(
    name: string,
    port: number,
  ): Promise<{ readonly host: string; readonly certificateArn: string | null }>;
  /** @throws CertkeepError ListenerRefused, ListenerNotFound, and whatever ELB calls CertificateNotFound */
  setCertificate(name: string, port: number, certificateArn: string): Promise<void>;
};

/** Elastic Load Balancing (classic) through the SDK. */
export function awsClbClient(options: ClientOptions): ClbClient {
  const client = new ElasticLoadBalancingClient(options);
  return {
    listener: (name, port) =>
      named('DescribeLoadBalancers', name, async () => {
        const answer = await client.send(
          new DescribeLoadBalancersCommand({ LoadBalancerNames: [name] }),
        );
        const balancer = answer.LoadBalancerDescriptions?.[0];
        const listener = balancer?.ListenerDescriptions?.find(
          (each) => each.Listener?.LoadBalancerPort === port,
        )?.Listener;
        if (!balancer?.DNSName || !listener) {
          throw new CertkeepError('ListenerNotFound', `ELB: ${name} has no listener on ${port}`);
        }
        return { host: balancer.DNSName, certificateArn: listener.SSLCertificateId ?? null };
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

const named = serviceCalls({
  service: 'ELB',
  stage: 'rebind',
  known: {
    CertificateNotFoundException: 'as-is',
    CertificateNotFound: 'as-is',

    AccessPointNotFoundException: 'ListenerNotFound',
    LoadBalancerNotFoundException: 'ListenerNotFound',
    ListenerNotFoundException: 'ListenerNotFound',
    // The listener speaks plain HTTP or TCP.
    UnsupportedProtocolException: 'ListenerRefused',
    // Among others: a key that a Classic Load Balancer does not take from ACM.
    InvalidConfigurationRequestException: 'ListenerRefused',
    UnsupportedCertificate: 'ListenerRefused',
    UnsupportedCertificateException: 'ListenerRefused',
  },
});
