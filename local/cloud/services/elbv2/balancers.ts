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
import { type Alb, albAt, albsOf, type Elbv2State, idOf, validationError } from './state.ts';
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
  const existing = albsOf(state, call).find((alb) => alb.name === name);
  if (existing) return { LoadBalancers: [sameBalancer(existing, input)] };
  const scheme = input.Scheme ?? 'internet-facing';
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  const { region, account } = call;
  const arn = newArn(state, name, call);
  const internal = scheme === 'internal';
  const alb: Alb = {
    arn,
    name,
    region,
    account,
    scheme,
    tags,
    dnsName: await state.balancers.add({ name, arn, region, internal }),
    subnets: input.Subnets ?? [],
    securityGroups: input.SecurityGroups ?? [],
    createdAt: state.clock.now(),
    listeners: new Map(),
    listenersCreated: 0,
  };
  state.albs.set(arn, alb);
  return { LoadBalancers: [describedBalancer(alb)] };
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

/** Another one for each creation. */
function newArn({ created }: Elbv2State, name: string, call: Call): string {
  const owned = `${call.account} ${call.region} ${name}`;
  const count = (created.get(owned) ?? 0) + 1;
  created.set(owned, count);
  return arnOf(
    'elasticloadbalancing',
    call,
    `loadbalancer/app/${name}/${idOf(`${owned} ${count}`)}`,
  );
}

export function describeLoadBalancers(
  state: Elbv2State,
  input: DescribeLoadBalancersCommandInput,
  call: Call,
) {
  const named = input.Names?.map((name) => balancerCalled(state, name, call));
  const found =
    named ?? input.LoadBalancerArns?.map((arn) => albAt(state, arn, call)) ?? albsOf(state, call);
  const size = input.PageSize ?? maxPage;
  if (size < 1 || size > maxPage) throw validationError(`PageSize '${size}' is not valid`);
  const page = pageOf(found, { token: input.Marker, size }, (alb) => alb.arn);
  if (!page) throw validationError('The marker is not valid');
  return {
    LoadBalancers: page.items.map(describedBalancer),
    ...(page.next && { NextMarker: page.next }),
  };
}

function balancerCalled(state: Elbv2State, name: string, call: Call): Alb {
  const found = albsOf(state, call).find((alb) => alb.name === name);
  if (found) return found;
  throw new AwsError('LoadBalancerNotFoundException', `Load balancers '[${name}]' not found`);
}
