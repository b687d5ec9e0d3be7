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
import { onlyOne, usableCertificate } from './certificates.ts';
import { checkPolicy, defaultPolicy, versionsOf } from './policies.ts';
import { respondByRules } from './respond.ts';
import {
  type Alb,
  type AlbListener,
  type AlbRule,
  albAt,
  albsOf,
  type Elbv2State,
  idOf,
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
  const alb = albAt(state, input.LoadBalancerArn, call);
  checkActions('CreateListener', input.DefaultActions);
  const listener = newListener(state, alb, input, call);
  const existing = [...alb.listeners.values()].find(({ port }) => port === listener.port);
  if (existing) return { Listeners: [sameListener(existing, listener)] };
  if (alb.listeners.size >= maxListeners) {
    throw new AwsError('TooManyListenersException', 'The maximum number of listeners is reached');
  }
  alb.listeners.set(listener.arn, listener);
  alb.listenersCreated += 1;
  try {
    await state.balancers.listen(alb.arn, {
      port: listener.port,
      tls: listener.tls && {
        certificates: listener.tls.certificates,
        kind: 'alb',
        versions: () => versionsOf(listener.tls?.policy ?? defaultPolicy),
      },
      respond: respondByRules(alb.name, listener, state),
    });
  } catch (error) {
    alb.listeners.delete(listener.arn);
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
  for (const alb of albsOf(state, call)) {
    if (alb.listeners.delete(arn)) await state.balancers.unlisten(alb.arn, port);
  }
  return {};
}

function newListener(
  state: Elbv2State,
  balancer: Alb,
  input: CreateListenerCommandInput,
  call: Call,
): AlbListener {
  const port = input.Port ?? 0;
  if (port < 1 || port > 65_535) throw validationError(`Port '${port}' is not valid`);
  const arn = `${balancer.arn.replace(':loadbalancer/', ':listener/')}/${idOf(`${balancer.arn} ${balancer.listenersCreated}`)}`;
  const tags = new Map<string, string>();
  putTags(tags, input.Tags ?? []);
  return {
    arn,
    balancer,
    port,
    tags,
    tls: newTls(state, input, call),
    actions: input.DefaultActions ?? [],
    rules: timeline<readonly AlbRule[]>([], state.clock.now()),
    rulesCreated: 0,
  };
}

function newTls(
  state: Elbv2State,
  input: CreateListenerCommandInput,
  call: Call,
): AlbListener['tls'] {
  if (input.Protocol === 'HTTP') {
    if (input.Certificates?.length) throw validationError('HTTP listeners take no certificates');
    return null;
  }
  if (input.Protocol !== 'HTTPS') {
    const message = `Protocol '${input.Protocol}' is not supported by application load balancers`;
    throw new AwsError('UnsupportedProtocolException', message);
  }
  if (!input.Certificates?.length) {
    throw validationError('A certificate must be specified for HTTPS listeners');
  }
  const policy = input.SslPolicy ?? defaultPolicy;
  checkPolicy(policy);
  const certificate = usableCertificate(state, onlyOne(input.Certificates), call);
  const bound = { default: certificate, list: [] };
  return { policy, certificates: timeline(bound, state.clock.now()) };
}

export function modifyListener(state: Elbv2State, input: ModifyListenerCommandInput, call: Call) {
  supportOnly('ModifyListener', input, modifyMembers);
  const listener = listenerAt(state, input.ListenerArn, call);
  const { tls } = listener;
  const protocol = tls ? 'HTTPS' : 'HTTP';
  if ((input.Port ?? listener.port) !== listener.port) {
    throw notImplemented('ModifyListener', 'another Port');
  }
  if ((input.Protocol ?? protocol) !== protocol) {
    throw notImplemented('ModifyListener', 'another Protocol');
  }
  if (!tls && (input.Certificates || input.SslPolicy)) {
    throw validationError('HTTP listeners take no certificates and no SSL policy');
  }
  // Everything is checked before anything changes.
  if (input.DefaultActions) checkActions('ModifyListener', input.DefaultActions);
  if (input.SslPolicy) checkPolicy(input.SslPolicy);
  const next = input.Certificates && usableCertificate(state, onlyOne(input.Certificates), call);
  if (input.DefaultActions) listener.actions = input.DefaultActions;
  if (tls && input.SslPolicy) tls.policy = input.SslPolicy;
  if (tls && next) {
    // The previous default does not move to the list.
    tls.certificates.set({ ...tls.certificates.latest(), default: next }, state.clock.now());
  }
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
    : [...albAt(state, input.LoadBalancerArn, call).listeners.values()];
  const asked = { token: input.Marker, size: input.PageSize ?? 400 };
  const page = pageOf(found, asked, (listener) => listener.arn);
  if (!page) throw validationError('The marker is not valid');
  return {
    Listeners: page.items.map(describedListener),
    ...(page.next && { NextMarker: page.next }),
  };
}

/** CreateListener is idempotent: it succeeds with the same settings, and fails with others on the same port. */
function sameListener(existing: AlbListener, asked: AlbListener) {
  const settings = ({ tls, actions }: AlbListener) =>
    JSON.stringify([tls?.policy, tls?.certificates.latest().default.arn, actions]);
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
  'DefaultActions',
  'Tags',
] as const;
const modifyMembers = [
  'ListenerArn',
  'Port',
  'Protocol',
  'SslPolicy',
  'Certificates',
  'DefaultActions',
] as const;
