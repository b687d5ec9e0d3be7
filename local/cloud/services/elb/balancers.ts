import type {
  CreateLoadBalancerCommandInput,
  DescribeLoadBalancersCommandInput,
} from '@aws-sdk/client-elastic-load-balancing';
import { arnOf } from '../../wire/arn.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { balancerPage } from '../balancer-page.ts';
import { putTags } from '../elb-tags.ts';
import { pageOf } from '../pages.ts';
import { newListener } from './listeners.ts';
import { type ClassicBalancer, classicNamed, classicsOf, type ElbState } from './state.ts';
import { describedBalancer } from './views.ts';

const maxPage = 400;

export async function createLoadBalancer(
  state: ElbState,
  input: CreateLoadBalancerCommandInput,
  call: Call,
) {
  supportOnly('CreateLoadBalancer', input, createMembers);
  const name = checkedName(input.LoadBalancerName);
  checkNew(state, name, call);
  const classic = await newBalancer(state, name, input, call);
  state.classics.set(classic.arn, classic);
  try {
    await listen(state, classic);
  } catch (error) {
    state.classics.delete(classic.arn);
    await state.balancers.remove(classic.arn);
    throw error;
  }
  return { DNSName: classic.dnsName };
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

function checkNew(state: ElbState, name: string, call: Call): void {
  const held = classicsOf(state, call);
  if (held.some((each) => each.name === name)) {
    const message = `The load balancer '${name}' already exists`;
    throw new AwsError('DuplicateAccessPointNameException', message);
  }
  if (held.length >= state.maxBalancers) {
    throw new AwsError('TooManyAccessPointsException', 'The quota of load balancers is reached');
  }
}

async function newBalancer(
  state: ElbState,
  name: string,
  input: CreateLoadBalancerCommandInput,
  call: Call,
): Promise<ClassicBalancer> {
  const listeners = (input.Listeners ?? []).map((each) => newListener(state, each, call));
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  const { region, account } = call;
  const arn = arnOf('elasticloadbalancing', call, `loadbalancer/${name}`);
  const scheme = input.Scheme ?? 'internet-facing';
  const internal = scheme === 'internal';
  return {
    arn,
    name,
    region,
    account,
    dnsName: await state.balancers.add({ name, arn, region, internal }),
    scheme,
    listeners,
    tags,
    zones: input.AvailabilityZones ?? [],
    subnets: input.Subnets ?? [],
    securityGroups: input.SecurityGroups ?? [],
    createdAt: state.clock.now(),
  };
}

const versions = () => ({ min: 'TLSv1.2', max: 'TLSv1.2' }) as const;

async function listen({ balancers }: ElbState, { arn, name, listeners }: ClassicBalancer) {
  for (const { certificates, port } of listeners) {
    const tls = certificates && { certificates, kind: 'single' as const, versions };
    await balancers.listen(arn, { port, tls, respond: balancerPage(name) });
  }
}

export function describeLoadBalancers(
  state: ElbState,
  input: DescribeLoadBalancersCommandInput,
  call: Call,
) {
  const names = input.LoadBalancerNames;
  const found = names?.length
    ? names.map((name) => classicNamed(state, name, call))
    : classicsOf(state, call);
  const size = input.PageSize ?? maxPage;
  if (size < 1 || size > maxPage) {
    throw new AwsError('ValidationError', `PageSize '${size}' is not valid`);
  }
  const page = pageOf(found, { token: input.Marker, size }, ({ arn }) => arn);
  if (!page) throw new AwsError('ValidationError', 'The marker is not valid');
  return {
    LoadBalancerDescriptions: page.items.map(describedBalancer),
    ...(page.next && { NextMarker: page.next }),
  };
}
