import type {
  CreateListenerCommandInput,
  DeleteListenerCommandInput,
  DescribeListenersCommandInput,
  ModifyListenerCommandInput,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { putTags } from '../elb-tags.ts';
import { notImplemented } from '../not-implemented.ts';
import { pageOf } from '../pages.ts';
import { timeline } from '../timeline.ts';
import { checkActions } from './actions.ts';
import { checkRoom, onlyOne, usableCertificate } from './certificates.ts';
import { checkPolicy, defaultPolicy, versionsOf } from './policies.ts';
import { respondByRules } from './respond.ts';
import {
  type BalancerType,
  balancerAt,
  balancersOf,
  type Elbv2State,
  idOf,
  type KnownBalancer,
  type KnownListener,
  type KnownRule,
  type ListenerProtocol,
  listenerAt,
  validationError,
} from './state.ts';
import { describedListener } from './views.ts';

const maxListeners = 50;

export async function createListener(
  state: Elbv2State,
  input: CreateListenerCommandInput,
  call: Call,
) {
  supportOnly('CreateListener', input, createMembers);
  const balancer = balancerAt(state, input.LoadBalancerArn, call);
  checkActions('CreateListener', input.DefaultActions, balancer.type);
  const listener = newListener(state, balancer, input, call);
  const existing = [...balancer.listeners.values()].find(({ port }) => port === listener.port);
  if (existing) return { Listeners: [sameListener(existing, listener)] };
  if (balancer.listeners.size >= maxListeners) {
    throw new AwsError('TooManyListenersException', 'The maximum number of listeners is reached');
  }
  if (listener.tls) {
    const after = listener.tls.certificates.latest();
    checkRoom(listener, { before: null, after }, state.maxCertificates);
  }
  balancer.listeners.set(listener.arn, listener);
  balancer.listenersCreated += 1;
  try {
    await state.balancers.listen(balancer.arn, {
      port: listener.port,
      tls: listener.tls && {
        certificates: listener.tls.certificates,
        kind: balancer.type === 'network' ? 'nlb' : 'alb',
        versions: () => versionsOf(listener.tls?.policy ?? defaultPolicy),
      },
      respond: respondByRules(balancer.name, listener, state),
    });
  } catch (error) {
    balancer.listeners.delete(listener.arn);
    throw error;
  }
  return { Listeners: [describedListener(listener)] };
}

/** Its connections end at once. */
export async function deleteListener(
  state: Elbv2State,
  input: DeleteListenerCommandInput,
  call: Call,
) {
  const { arn, port } = listenerAt(state, input.ListenerArn, call);
  for (const balancer of balancersOf(state, call)) {
    if (balancer.listeners.delete(arn)) await state.balancers.unlisten(balancer.arn, port);
  }
  return {};
}

function newListener(
  state: Elbv2State,
  balancer: KnownBalancer,
  input: CreateListenerCommandInput,
  call: Call,
): KnownListener {
  const port = input.Port ?? 0;
  if (port < 1 || port > 65_535) throw validationError(`Port '${port}' is not valid`);
  const arn = `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${idOf(`${balancer.arn} ${balancer.listenersCreated}`)}`;
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  return {
    arn,
    balancer,
    port,
    protocol: checkedProtocol(balancer, input),
    tags,
    tls: newTls(state, balancer, input, call),
    alpnPolicy: checkedAlpn(input),
    actions: input.DefaultActions ?? [],
    rules: timeline<readonly KnownRule[]>([], state.clock.now()),
    rulesCreated: 0,
  };
}

/** API_CreateListener.html: HTTP and HTTPS, or TCP, TLS and those of UDP and QUIC. */
const protocols: Readonly<Record<BalancerType, readonly ListenerProtocol[]>> = {
  application: ['HTTP', 'HTTPS'],
  network: ['TCP', 'TLS'],
};
const hasTls = new Set<string | undefined>(['HTTPS', 'TLS']);

function checkedProtocol(
  { type }: KnownBalancer,
  { Protocol }: Pick<CreateListenerCommandInput, 'Protocol'>,
): ListenerProtocol {
  const found = protocols[type].find((each) => each === Protocol);
  if (found) return found;
  if (type === 'network' && /^(?:TCP_)?(?:UDP|QUIC)$/.test(Protocol ?? '')) {
    throw notImplemented('CreateListener', `Protocol ${Protocol}`);
  }
  const message = `Protocol '${Protocol}' is not supported by ${type} load balancers`;
  throw new AwsError('UnsupportedProtocolException', message);
}

const alpnPolicies = /^(?:HTTP1Only|HTTP2Only|HTTP2Optional|HTTP2Preferred|None)$/;

function checkedAlpn({ AlpnPolicy = [], Protocol }: Partial<CreateListenerCommandInput>) {
  const isKnown = AlpnPolicy.length <= 1 && AlpnPolicy.every((each) => alpnPolicies.test(each));
  if (isKnown && (AlpnPolicy.length === 0 || Protocol === 'TLS')) return AlpnPolicy;
  const message = `ALPN policy '${AlpnPolicy}' is not supported by ${Protocol} listeners`;
  throw new AwsError('ALPNPolicyNotSupportedException', message);
}

function newTls(
  state: Elbv2State,
  { type }: KnownBalancer,
  input: CreateListenerCommandInput,
  call: Call,
): KnownListener['tls'] {
  const { Protocol } = input;
  if (!hasTls.has(Protocol)) {
    if (input.Certificates?.length) {
      throw validationError(`${Protocol} listeners take no certificates`);
    }
    return null;
  }
  if (!input.Certificates?.length) {
    throw validationError(`A certificate must be specified for ${Protocol} listeners`);
  }
  const policy = input.SslPolicy ?? defaultPolicy;
  checkPolicy(policy);
  const certificate = usableCertificate(state, onlyOne(input.Certificates), { type, call });
  const bound = { default: certificate, list: [] };
  return { policy, certificates: timeline(bound, state.clock.now()) };
}

export function modifyListener(state: Elbv2State, input: ModifyListenerCommandInput, call: Call) {
  supportOnly('ModifyListener', input, modifyMembers);
  const listener = listenerAt(state, input.ListenerArn, call);
  const { balancer, protocol, tls } = listener;
  if ((input.Port ?? listener.port) !== listener.port) {
    throw notImplemented('ModifyListener', 'another Port');
  }
  if ((input.Protocol ?? protocol) !== protocol) {
    throw notImplemented('ModifyListener', 'another Protocol');
  }
  if (!tls && (input.Certificates || input.SslPolicy)) {
    throw validationError(`${protocol} listeners take no certificates and no SSL policy`);
  }
  // Everything is checked before anything changes.
  if (input.DefaultActions) checkActions('ModifyListener', input.DefaultActions, balancer.type);
  if (input.SslPolicy) checkPolicy(input.SslPolicy);
  const alpnPolicy = checkedAlpn({ AlpnPolicy: input.AlpnPolicy, Protocol: protocol });
  const standard =
    input.Certificates &&
    usableCertificate(state, onlyOne(input.Certificates), { type: balancer.type, call });
  // The previous default does not move to the list.
  const next = tls && standard && { ...tls.certificates.latest(), default: standard };
  if (next && balancer.type === 'network') {
    checkRoom(listener, { before: tls.certificates.latest(), after: next }, state.maxCertificates);
  }
  if (input.DefaultActions) listener.actions = input.DefaultActions;
  if (tls && input.SslPolicy) tls.policy = input.SslPolicy;
  if (input.AlpnPolicy) listener.alpnPolicy = alpnPolicy;
  if (next) tls.certificates.set(next, state.clock.now());
  return { Listeners: [describedListener(listener)] };
}

export function describeListeners(
  state: Elbv2State,
  input: DescribeListenersCommandInput,
  call: Call,
) {
  if ((input.LoadBalancerArn === undefined) === (input.ListenerArns === undefined)) {
    throw validationError('You must specify either listener ARNs or a load balancer ARN');
  }
  const found = input.ListenerArns
    ? input.ListenerArns.map((arn) => listenerAt(state, arn, call))
    : [...balancerAt(state, input.LoadBalancerArn, call).listeners.values()];
  const asked = { token: input.Marker, size: input.PageSize ?? 400 };
  const page = pageOf(found, asked, (listener) => listener.arn);
  if (!page) throw validationError('The marker is not valid');
  return {
    Listeners: page.items.map(describedListener),
    ...(page.next && { NextMarker: page.next }),
  };
}

/** CreateListener is idempotent: it succeeds with the same settings, and fails with others on the same port. */
function sameListener(existing: KnownListener, asked: KnownListener) {
  const settings = ({ tls, actions, protocol }: KnownListener) =>
    JSON.stringify([protocol, tls?.policy, tls?.certificates.latest().default.arn, actions]);
  if (settings(existing) === settings(asked)) return describedListener(existing);
  const message = `A listener already exists on port ${asked.port} of this load balancer`;
  throw new AwsError('DuplicateListenerException', message);
}

const createMembers = [
  'LoadBalancerArn',
  'Protocol',
  'Port',
  'SslPolicy',
  'Certificates',
  'AlpnPolicy',
  'DefaultActions',
  'Tags',
] as const;
const modifyMembers = [
  'ListenerArn',
  'Port',
  'Protocol',
  'SslPolicy',
  'Certificates',
  'AlpnPolicy',
  'DefaultActions',
] as const;
