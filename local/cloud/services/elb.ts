import type {
  AddTagsCommandInput,
  CreateLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
  DescribeTagsCommandInput,
  LoadBalancerDescription,
  SetLoadBalancerListenerSSLCertificateCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import type { LoadBalancers } from '../load-balancers/load-balancers.ts';
import { arnOf } from '../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../wire/service.ts';
import { supportOnly } from '../wire/supported.ts';
import { balancerPage } from './balancer-page.ts';
import { classicCertificate, describedListener, newListener } from './elb/listeners.ts';
import { type ClassicBalancer, classicBalancers } from './elb/model.ts';
import type { CertificateSource } from './elb-certificates.ts';
import { type ElbRates, meteredElb } from './elb-rates.ts';
import { checkDescribed, listTags, putTags } from './elb-tags.ts';
import { pageOf } from './pages.ts';

export type ElbOptions = CertificateSource & {
  readonly balancers: LoadBalancers;
  /** The quota of Classic load balancers in a region; 20 by default. */
  readonly maxBalancers?: number;
  /** AWS's documented rates by default. */
  readonly rates?: ElbRates;
};

export type ElbState = {
  readonly operations: Operations;
  /** The tags of a load balancer by its ARN, for any caller; null where there is none. */
  tagsOf(arn: string): ReadonlyMap<string, string> | null;
};

const maxPage = 400;
const versions = () => ({ min: 'TLSv1.2', max: 'TLSv1.2' }) as const;

/** Classic Elastic Load Balancing: one certificate per listener, no SNI, no TLS 1.3. */
export function elb(options: ElbOptions): ElbState {
  const { clock, balancers, maxBalancers = 20 } = options;
  const classics = classicBalancers();

  async function createLoadBalancer(input: CreateLoadBalancerCommandInput, call: Call) {
    supportOnly('CreateLoadBalancer', input, createMembers);
    const name = checkedName(input.LoadBalancerName);
    checkNew(name, call);
    const listeners = (input.Listeners ?? []).map((each) => newListener(options, each, call));
    const tags = new Map<string, string>();
    putTags(tags, input.Tags ?? []);
    const arn = arnOf('elasticloadbalancing', call, `loadbalancer/${name}`);
    const { region, account } = call;
    const scheme = input.Scheme ?? 'internet-facing';
    const dnsName = await balancers.add({ name, arn, region, internal: scheme === 'internal' });
    classics.all.set(arn, {
      arn,
      name,
      region,
      account,
      dnsName,
      scheme,
      listeners,
      tags,
      zones: input.AvailabilityZones ?? [],
      subnets: input.Subnets ?? [],
      securityGroups: input.SecurityGroups ?? [],
      createdAt: clock.now(),
    });
    try {
      for (const { certificates, port } of listeners) {
        const tls = certificates && { certificates, kind: 'clb' as const, versions };
        await balancers.listen(arn, { port, tls, respond: balancerPage(name) });
      }
    } catch (error) {
      classics.all.delete(arn);
      await balancers.remove(arn);
      throw error;
    }
    return { DNSName: dnsName };
  }

  function checkNew(name: string, call: Call) {
    const held = classics.of(call);
    if (held.some((each) => each.name === name)) {
      const message = `The load balancer '${name}' already exists`;
      throw new AwsError('DuplicateAccessPointNameException', message);
    }
    if (held.length >= maxBalancers) {
      throw new AwsError('TooManyAccessPointsException', 'The quota of load balancers is reached');
    }
  }

  function describeLoadBalancers(input: DescribeLoadBalancersCommandInput, call: Call) {
    const names = input.LoadBalancerNames;
    const found = names?.length
      ? names.map((name) => classics.named(name, call))
      : classics.of(call);
    const size = input.PageSize ?? maxPage;
    if (size < 1 || size > maxPage) {
      throw new AwsError('ValidationError', `PageSize '${size}' is not valid`);
    }
    const page = pageOf(found, { token: input.Marker, size }, (each) => each.arn);
    if (!page) throw new AwsError('ValidationError', 'The marker is not valid');
    return {
      LoadBalancerDescriptions: page.items.map(described),
      ...(page.next && { NextMarker: page.next }),
    };
  }

  function setCertificate(input: SetLoadBalancerListenerSSLCertificateCommandInput, call: Call) {
    const classic = classics.named(input.LoadBalancerName, call);
    const listener = classic.listeners.find((each) => each.port === input.LoadBalancerPort);
    if (!listener) {
      const message = `There is no listener on port ${input.LoadBalancerPort} of '${classic.name}'`;
      throw new AwsError('ListenerNotFoundException', message);
    }
    if (!listener.certificates) {
      const message = `The listener on port ${listener.port} takes no certificate`;
      throw new AwsError('InvalidConfigurationRequestException', message);
    }
    const next = classicCertificate(options, input.SSLCertificateId, call);
    listener.certificates.set({ default: next, list: [] }, clock.now());
    return {};
  }

  const operations: Operations = {
    CreateLoadBalancer: createLoadBalancer,
    DescribeLoadBalancers: describeLoadBalancers,
    SetLoadBalancerListenerSSLCertificate: setCertificate,
    AddTags({ LoadBalancerNames, Tags }: AddTagsCommandInput, call: Call) {
      for (const name of LoadBalancerNames ?? []) {
        putTags(classics.named(name, call).tags, Tags ?? []);
      }
      return {};
    },
    DescribeTags({ LoadBalancerNames = [] }: DescribeTagsCommandInput, call: Call) {
      checkDescribed(LoadBalancerNames);
      return {
        TagDescriptions: LoadBalancerNames.map((name) => ({
          LoadBalancerName: name,
          Tags: listTags(classics.named(name, call).tags),
        })),
      };
    },
  };
  return {
    operations: meteredElb(operations, options),
    tagsOf: (arn) => classics.all.get(arn)?.tags ?? null,
  };
}

const createMembers = [
  'LoadBalancerName',
  'Listeners',
  'AvailabilityZones',
  'Subnets',
  'SecurityGroups',
  'Scheme',
  'Tags',
] as const;

function checkedName(name: string | undefined): string {
  if (name && /^(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(name)) return name;
  throw new AwsError('ValidationError', `The load balancer name '${name}' is not valid`);
}

function described(classic: ClassicBalancer): LoadBalancerDescription {
  return {
    LoadBalancerName: classic.name,
    DNSName: classic.dnsName,
    CanonicalHostedZoneName: classic.dnsName,
    CanonicalHostedZoneNameID: 'Z35SXDOTRQ7X7K',
    ListenerDescriptions: classic.listeners.map(describedListener),
    AvailabilityZones: [...classic.zones],
    Subnets: [...classic.subnets],
    SecurityGroups: [...classic.securityGroups],
    VPCId: 'vpc-0local',
    Instances: [],
    CreatedTime: classic.createdAt,
    Scheme: classic.scheme,
  };
}
