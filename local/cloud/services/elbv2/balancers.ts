import type {
  CreateLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import { pageOf } from '../pages.ts';
import {
  type BalancerType,
  balancerAt,
  balancersOf,
  type Elbv2State,
  idOf,
  type KnownBalancer,
  validationError,
} from './state.ts';
import { describedBalancer } from './views.ts';

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

export async function createLoadBalancer(
  state: Elbv2State,
  input: CreateLoadBalancerCommandInput,
  call: Call,
) {
  supportOnly('CreateLoadBalancer', input, members);
  const name = checkedName(input);
  const existing = balancersOf(state, call).find((balancer) => balancer.name === name);
  if (existing) return { LoadBalancers: [sameBalancer(existing, input)] };
  const scheme = input.Scheme ?? 'internet-facing';
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  const type = checkedType(input);
  const { region, account } = call;
  const arn = newArn(state, { name, type }, call);
  const internal = scheme === 'internal';
  const balancer: KnownBalancer = {
    type,
    arn,
    name,
    region,
    account,
    scheme,
    tags,
    dnsName: await state.balancers.add({ name, type, arn, region, internal }),
    subnets: input.Subnets ?? [],
    securityGroups: input.SecurityGroups ?? [],
    createdAt: state.clock.now(),
    listeners: new Map(),
    listenersCreated: 0,
  };
  state.known.set(arn, balancer);
  return { LoadBalancers: [describedBalancer(balancer)] };
}

function checkedType({ Type = 'application' }: CreateLoadBalancerCommandInput): BalancerType {
  if (Type === 'application' || Type === 'network') return Type;
  throw notImplemented('CreateLoadBalancer', `Type ${Type}`);
}

function checkedName({ Name, IpAddressType }: CreateLoadBalancerCommandInput): string {
  if ((IpAddressType ?? 'ipv4') !== 'ipv4') {
    throw notImplemented('CreateLoadBalancer', `IpAddressType ${IpAddressType}`);
  }
  const isName = /^(?!internal-)(?!-)[A-Za-z0-9-]{1,32}(?<!-)$/.test(Name ?? '');
  if (!Name || !isName) throw validationError(`The load balancer name '${Name}' is not valid`);
  return Name;
}

function sameBalancer(existing: KnownBalancer, input: CreateLoadBalancerCommandInput) {
  const isSame =
    existing.type === checkedType(input) &&
    existing.scheme === (input.Scheme ?? 'internet-facing') &&
    existing.subnets.join() === (input.Subnets ?? []).join() &&
    existing.securityGroups.join() === (input.SecurityGroups ?? []).join();
  if (isSame) return describedBalancer(existing);
  throw new AwsError(
    'DuplicateLoadBalancerNameException',
    `A load balancer with the same name '${existing.name}' exists, but with different settings`,
  );
}

/** Another one for each creation. */
function newArn(
  { created }: Elbv2State,
  { name, type }: Pick<KnownBalancer, 'name' | 'type'>,
  call: Call,
): string {
  const owned = `${call.account} ${call.region} ${name}`;
  const count = (created.get(owned) ?? 0) + 1;
  created.set(owned, count);
  return arnOf(
    'elasticloadbalancing',
    call,
    `loadbalancer/${type === 'network' ? 'net' : 'app'}/${name}/${idOf(`${owned} ${count}`)}`,
  );
}

export function describeLoadBalancers(
  state: Elbv2State,
  input: DescribeLoadBalancersCommandInput,
  call: Call,
) {
  const named = input.Names?.map((name) => balancerCalled(state, name, call));
  const found =
    named ??
    input.LoadBalancerArns?.map((arn) => balancerAt(state, arn, call)) ??
    balancersOf(state, call);
  const size = input.PageSize ?? maxPage;
  if (size < 1 || size > maxPage) throw validationError(`PageSize '${size}' is not valid`);
  const page = pageOf(found, { token: input.Marker, size }, (balancer) => balancer.arn);
  if (!page) throw validationError('The marker is not valid');
  return {
    LoadBalancers: page.items.map(describedBalancer),
    ...(page.next && { NextMarker: page.next }),
  };
}

function balancerCalled(state: Elbv2State, name: string, call: Call): KnownBalancer {
  const found = balancersOf(state, call).find((balancer) => balancer.name === name);
  if (found) return found;
  throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`);
}
