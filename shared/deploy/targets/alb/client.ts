import {
  AddListenerCertificatesCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { CertkeepError } from '#shared/errors.ts';

/** A listener in the words of the ALB target. */
export type AlbClient = {
  /** @throws CertkeepError ListenerNotFound */
  listener(arn: string): Promise<{
    readonly loadBalancerName: string;
    readonly host: string;
    readonly port: number;
  }>;
  /** Default and SNI list. @throws CertkeepError ListenerNotFound */
  certificates(listenerArn: string): Promise<{
    readonly default: string | null;
    readonly sni: readonly string[];
  }>;
  /** @throws CertkeepError ListenerRefused, ListenerNotFound, and whatever ELB calls CertificateNotFound */
  setDefault(listenerArn: string, certificateArn: string): Promise<void>;
  /** @throws CertkeepError ListenerFull, ListenerRefused, ListenerNotFound */
  add(listenerArn: string, certificateArn: string): Promise<void>;
  remove(listenerArn: string, certificateArn: string): Promise<void>;
};

/** Elastic Load Balancing v2 through the SDK. */
export function awsAlbClient(options: ClientOptions): AlbClient {
  const client = new ElasticLoadBalancingV2Client(options);
  return {
    async listener(arn) {
      const listeners = await named('DescribeListeners', arn, () =>
        client.send(new DescribeListenersCommand({ ListenerArns: [arn] })),
      );
      const found = listeners.Listeners?.[0];
      if (!found?.LoadBalancerArn || !found.Port) throw notFound(arn);
      const LoadBalancerArns = [found.LoadBalancerArn];
      const balancers = await named('DescribeLoadBalancers', found.LoadBalancerArn, () =>
        client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns })),
      );
      const balancer = balancers.LoadBalancers?.[0];
      if (!balancer?.DNSName || !balancer.LoadBalancerName) throw notFound(arn);
      const { DNSName: host, LoadBalancerName: loadBalancerName } = balancer;
      return { loadBalancerName, host, port: found.Port };
    },
    certificates: (arn) =>
      named('DescribeListenerCertificates', arn, () => listCertificates(client, arn)),
    setDefault: (ListenerArn, CertificateArn) =>
      named('ModifyListener', ListenerArn, async () => {
        // Exactly one certificate and no IsDefault (API reference of ModifyListener).
        const Certificates = [{ CertificateArn }];
        await client.send(new ModifyListenerCommand({ ListenerArn, Certificates }));
      }),
    add: (ListenerArn, CertificateArn) =>
      named('AddListenerCertificates', ListenerArn, async () => {
        const Certificates = [{ CertificateArn }];
        await client.send(new AddListenerCertificatesCommand({ ListenerArn, Certificates }));
      }),
    remove: (ListenerArn, CertificateArn) =>
      named('RemoveListenerCertificates', ListenerArn, async () => {
        const Certificates = [{ CertificateArn }];
        await client.send(new RemoveListenerCertificatesCommand({ ListenerArn, Certificates }));
      }),
  };
}

/** DescribeListeners shows the default only; here the default may stand a second time in the list. */
async function listCertificates(client: ElasticLoadBalancingV2Client, listenerArn: string) {
  let standard: string | null = null;
  const sni: string[] = [];
  let marker: string | undefined;
  do {
    const page = await client.send(
      new DescribeListenerCertificatesCommand({
        ListenerArn: listenerArn,
        ...(marker ? { Marker: marker } : {}),
      }),
    );
    for (const { CertificateArn, IsDefault } of page.Certificates ?? []) {
      if (!CertificateArn) continue;
      if (IsDefault) standard = CertificateArn;
      else sni.push(CertificateArn);
    }
    marker = page.NextMarker;
  } while (marker);
  return { default: standard, sni };
}

const named = serviceCalls({
  service: 'ELB',
  stage: 'rebind',
  known: {
    CertificateNotFoundException: 'as-is',

    ListenerNotFoundException: 'ListenerNotFound',
    LoadBalancerNotFoundException: 'ListenerNotFound',
    TooManyCertificatesException: 'ListenerFull',
    OperationNotPermittedException: 'ListenerRefused',
    InvalidConfigurationRequestException: 'ListenerRefused',
    // Not in the SDK's model: a key type or size that the load balancer does not take.
    UnsupportedCertificate: 'ListenerRefused',
    UnsupportedCertificateException: 'ListenerRefused',
  },
});

function notFound(arn: string): CertkeepError {
  return new CertkeepError('ListenerNotFound', `ELB: there is no listener ${arn}`);
}
