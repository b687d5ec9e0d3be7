import {
  AddListenerCertificatesCommand,
  AddTagsCommand,
  DescribeListenerCertificatesCommand,
  DescribeListenersCommand,
  DescribeLoadBalancersCommand,
  DescribeTagsCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
  RemoveListenerCertificatesCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { errorName } from '#shared/errors.ts';
import { together } from '../batched.ts';
import { tagsIn } from '../tags-in.ts';
import type { Held } from '../target.ts';

export type Elbv2Listener = {
  readonly loadBalancerName: string;
  readonly host: string;
  /** It has private addresses only. */
  readonly isInternal: boolean;
  readonly port: number;
  /** ELB's name of the protocol; HTTPS or TLS where the listener has certificates. */
  readonly protocol: string;
};

/** Listeners of Application and Network Load Balancers, in the terms of their targets. */
export type Elbv2Client = {
  /** Describes at most twenty listeners. @throws CertkeepError ListenerNotFound where one of them does not exist */
  listeners(arns: readonly string[]): Promise<ReadonlyMap<string, Elbv2Listener>>;
  /** Reads the default and the SNI list. @throws CertkeepError ListenerNotFound */
  certificates(listenerArn: string): Promise<Held>;
  /** @throws CertkeepError ListenerRefused, ListenerNotFound, and CertificateNotFound where ELB says so */
  setDefault(listenerArn: string, certificateArn: string): Promise<void>;
  /** @throws CertkeepError ListenerFull, ListenerRefused, ListenerNotFound */
  add(listenerArn: string, certificateArn: string): Promise<void>;
  /** Succeeds where the certificate is not there. @throws CertkeepError ListenerRefused, ListenerNotFound */
  remove(listenerArn: string, certificateArn: string): Promise<void>;
  /** The tags of all these load balancers and listeners together. */
  tags(arns: readonly string[]): Promise<Readonly<Record<string, string>>>;
  /** Puts a tag on a listener. @throws CertkeepError ListenerNotFound, ListenerRefused */
  tag(listenerArn: string, key: string, value: string): Promise<void>;
};

/** Elastic Load Balancing v2 through the SDK. */
export function awsElbv2Client(options: ClientOptions): Elbv2Client {
  const client = new ElasticLoadBalancingV2Client(options);
  return {
    listeners: (arns) => describeListeners(client, arns),
    certificates: (arn) =>
      named('DescribeListenerCertificates', arn, () => listCertificates(client, arn)),
    setDefault: (ListenerArn, CertificateArn) =>
      named('ModifyListener', ListenerArn, async () => {
        // ModifyListener takes exactly one certificate, without IsDefault (its API reference).
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
        const command = new RemoveListenerCertificatesCommand({ ListenerArn, Certificates });
        // An earlier try whose answer was lost may have removed it.
        await unlessNotFound(client.send(command));
      }),
    tags: (ResourceArns) =>
      named('DescribeTags', together(ResourceArns), async () => {
        const command = new DescribeTagsCommand({ ResourceArns: [...ResourceArns] });
        const { TagDescriptions = [] } = await client.send(command);
        return tagsIn(TagDescriptions.flatMap(({ Tags }) => Tags ?? []));
      }),
    tag: (listenerArn, Key, Value) =>
      named('AddTags', listenerArn, async () => {
        const ResourceArns = [listenerArn];
        await client.send(new AddTagsCommand({ ResourceArns, Tags: [{ Key, Value }] }));
      }),
  };
}

async function unlessNotFound(answer: Promise<unknown>): Promise<void> {
  try {
    await answer;
  } catch (error) {
    if (!errorName(error).startsWith('CertificateNotFound')) throw error;
  }
}

async function describeListeners(
  client: ElasticLoadBalancingV2Client,
  arns: readonly string[],
): Promise<ReadonlyMap<string, Elbv2Listener>> {
  const listeners = await named('DescribeListeners', together(arns), () =>
    client.send(new DescribeListenersCommand({ ListenerArns: [...arns] })),
  );
  const found = listeners.Listeners ?? [];
  const of = found.map(({ LoadBalancerArn }) => LoadBalancerArn).filter((arn) => arn !== undefined);
  const LoadBalancerArns = [...new Set(of)];
  if (LoadBalancerArns.length === 0) return new Map();
  const balancers = await named('DescribeLoadBalancers', together(LoadBalancerArns), () =>
    client.send(new DescribeLoadBalancersCommand({ LoadBalancerArns })),
  );
  const byArn = new Map(balancers.LoadBalancers?.map((each) => [each.LoadBalancerArn, each]));
  return new Map(
    found.flatMap(({ ListenerArn, LoadBalancerArn, Port: port, Protocol: protocol }) => {
      const {
        DNSName: host,
        LoadBalancerName: loadBalancerName,
        Scheme,
      } = byArn.get(LoadBalancerArn) ?? {};
      const isInternal = Scheme === 'internal';
      if (!ListenerArn || !port || !protocol || !host || !loadBalancerName) return [];
      return [[ListenerArn, { loadBalancerName, host, isInternal, port, protocol }] as const];
    }),
  );
}

/** Lists default and SNI list: DescribeListeners shows the default only, and here the default may appear a second time. */
async function listCertificates(
  client: ElasticLoadBalancingV2Client,
  listenerArn: string,
): Promise<Held> {
  let standard: string | null = null;
  const list: string[] = [];
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
      else list.push(CertificateArn);
    }
    marker = page.NextMarker;
  } while (marker);
  return { default: standard, list };
}

const named = serviceCalls({
  service: 'ELB',
  stage: 'rebind',
  known: {
    CertificateNotFoundException: 'as-is',

    ListenerNotFoundException: 'ListenerNotFound',
    LoadBalancerNotFoundException: 'ListenerNotFound',
    TooManyCertificatesException: 'ListenerFull',
    TooManyTagsException: 'ListenerRefused',
    OperationNotPermittedException: 'ListenerRefused',
    InvalidConfigurationRequestException: 'ListenerRefused',
    // The SDK's model lacks this: the load balancer does not accept a key type or size.
    UnsupportedCertificate: 'ListenerRefused',
    UnsupportedCertificateException: 'ListenerRefused',
  },
});
