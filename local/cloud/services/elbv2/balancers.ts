import type {
  CreateLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import type { Clock } from '../../clock.ts';
import type { LoadBalancers } from '../../load-balancers/load-balancers.ts';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call, type Operations } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import { pageOf } from '../pages.ts';
import { describedBalancer } from './descriptions.ts';
import { type Alb, type Albs, idOf, validationError } from './model.ts';

const members = [
  'Name',
  'Subnets',
  'SecurityGroups',
  'Scheme',
  'Tags',
  'Type',
  'IpAddressType',
] as const;
const maxPage = 400;

export function balancerOperations(albs: Albs, clock: Clock, balancers: LoadBalancers): Operations {
  async function createLoadBalancer(input: CreateLoadBalancerCommandInput, call: Call) {
    supportOnly('CreateLoadBalancer', input, members);
    const name = checkedName(input);
    const existing = albs.of(call).find((alb) => alb.name === name);
    if (existing) return { LoadBalancers: [sameBalancer(existing, input)] };
    const scheme = input.Scheme ?? 'internet-facing';
    const tags = new Map<string, string>();
    putTags(tags, input.Tags ?? []);
    const { region, account } = call;
    const arn = newArn(name, albs.countOf(`${account} ${region} ${name}`), call);
    const internal = scheme === 'internal';
    const alb: Alb = {
      arn,
      name,
      region,
      account,
      scheme,
      tags,
      dnsName: await balancers.add({ name, arn, region, internal }),
      subnets: input.Subnets ?? [],
      securityGroups: input.SecurityGroups ?? [],
      createdAt: clock.now(),
      listeners: new Map(),
      listenersCreated: 0,
    };
    albs.all.set(arn, alb);
    return { LoadBalancers: [describedBalancer(alb)] };
  }

  function describeLoadBalancers(input: DescribeLoadBalancersCommandInput, call: Call) {
    const named = input.Names?.map((name) => balancerCalled(name, call));
    const found =
      named ?? input.LoadBalancerArns?.map((arn) => albs.balancer(arn, call)) ?? albs.of(call);
    const size = input.PageSize ?? maxPage;
    if (size < 1 || size > maxPage) throw validationError(`PageSize '${size}' is not valid`);
    const page = pageOf(found, { token: input.Marker, size }, (alb) => alb.arn);
    if (!page) throw validationError('The marker is not valid');
    return {
      LoadBalancers: page.items.map(describedBalancer),
      ...(page.next && { NextMarker: page.next }),
    };
  }

  function balancerCalled(name: string, call: Call): Alb {
    const found = albs.of(call).find((alb) => alb.name === name);
    if (found) return found;
    throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`);
  }

  return {
    CreateLoadBalancer: createLoadBalancer,
    DescribeLoadBalancers: describeLoadBalancers,
  };
}

function checkedName({ Name, Type, IpAddressType }: CreateLoadBalancerCommandInput): string {
  if ((Type ?? 'application') !== 'application') {
    throw notImplemented('CreateLoadBalancer', `Type ${Type}`);
  }
  if ((IpAddressType ?? 'ipv4') !== 'ipv4') {
    throw notImplemented('CreateLoadBalancer', `IpAddressType ${IpAddressType}`);
  }
  const isName = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(Name ?? '');
  if (!Name || !isName) throw validationError(`The load balancer name '${Name}' is not valid`);
  return Name;
}

function sameBalancer(existing: Alb, input: CreateLoadBalancerCommandInput) {
  const isSame =
    existing.scheme === (input.Scheme ?? 'internet-facing') &&
    existing.subnets.join() === (input.Subnets ?? []).join() &&
    existing.securityGroups.join() === (input.SecurityGroups ?? []).join();
  if (isSame) return describedBalancer(existing);
  throw new AwsError(
    'DuplicateLoadBalancerNameException',
    `A load balancer with the same name '${existing.name}' exists, but with different settings`,
  );
}

function newArn(name: string, created: number, call: Call): string {
  const id = idOf(`${call.account} ${call.region} ${name} ${created}`);
  return arnOf('elasticloadbalancing', call, `loadbalancer/app/${name}/${id}`);
}
