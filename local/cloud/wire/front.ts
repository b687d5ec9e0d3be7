import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { carryOut, type Fault, type Faults, losesAnswer, type OutsideCall } from '../faults.ts';
import { runOf } from '../runtime/run-header.ts';
import { homeAccount } from './accounts.ts';
import { withoutChunks } from './aws-chunked.ts';
import { codecOf, type Spoken } from './codec.ts';
import type { Codec, WireAnswer, WireRequest } from './protocol.ts';
import { AwsError, type Call } from './service.ts';
import type { RunningService } from './service-of.ts';
import { type Signed, signedBy } from './signature.ts';

export type { RunningService } from './service-of.ts';

/** `endpoint` is the value for `AWS_ENDPOINT_URL`. */
export type AwsFront = { readonly endpoint: string; close(): Promise<void> };

export type AwsFrontOptions = {
  readonly services: readonly RunningService[];
  readonly faults: Faults;
  callerOf(accessKeyId: string): string | null;
  /** The account of a key; the home account by default. */
  accountOf?(accessKeyId: string): string;
  /**
   * Called before an operation is carried out, and again before its repetition. Throws AwsError where the caller may not.
   * By default everybody may do everything.
   */
  authorize?(
    call: Call & { readonly service: string; readonly operation: string; readonly input: unknown },
  ): Promise<void>;
  /** Any free port by default. */
  readonly port?: number;
};

/** One AWS API endpoint on loopback for all services, distinguished by the signature's credential scope. */
export async function startAwsFront(options: AwsFrontOptions): Promise<AwsFront> {
  const spoken = options.services.map((service) => ({ service, ...codecOf(service) }));
  const server = createServer((incoming, outgoing) => {
    received(incoming).then(
      (request) => respond(request, incoming, outgoing, spoken, options),
      // The client left before its request was complete, usually because it was killed.
      () => incoming.socket.destroy(),
    );
  });
  // Clients keep connections for longer than Node's five seconds, and mistake the close for a lost answer.
  server.keepAliveTimeout = 120_000;
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject).listen(options.port ?? 0, '127.0.0.1', resolve);
  });
  return {
    endpoint: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    close: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

type SpokenService = Spoken & { readonly service: RunningService };
type Target = { readonly service: RunningService; readonly codec: Codec };

async function received(incoming: IncomingMessage): Promise<WireRequest> {
  const chunks: Buffer[] = [];
  for await (const chunk of incoming) chunks.push(chunk as Buffer);
  const [, path = '/', search = ''] = /^([^?]*)\??(.*)$/s.exec(incoming.url ?? '/') ?? [];
  return {
    method: incoming.method ?? 'GET',
    path,
    query: new URLSearchParams(search),
    headers: Object.fromEntries(
      Object.entries(incoming.headers).map(([name, value]) => [name, String(value)]),
    ),
    body: Buffer.concat(chunks),
  };
}

async function respond(
  request: WireRequest,
  incoming: IncomingMessage,
  outgoing: ServerResponse,
  spoken: readonly SpokenService[],
  options: AwsFrontOptions,
): Promise<void> {
  try {
    const done = await answer(request, spoken, options, () => incoming.socket.destroyed);
    if (done) send(done, incoming, outgoing);
    else incoming.socket.destroy();
  } catch (error) {
    process.emitWarning(error as Error);
    incoming.socket.destroy();
  }
}

/** Null where a fault drops the connection instead of answering. */
async function answer(
  request: WireRequest,
  spoken: readonly SpokenService[],
  options: AwsFrontOptions,
  isGone: () => boolean,
): Promise<WireAnswer | null> {
  const signed = signedBy(request);
  const target = signed && targetOf(request, signed, spoken);
  if (!signed || !target) return unroutable(signed);
  let fault: Fault | null = null;
  const strike = (call: OutsideCall) => {
    fault = options.faults.strike(call);
    return fault;
  };
  const done = await perform(request, signed, target, { ...options, strike, isGone }).catch(
    (error) => target.codec.error(error instanceof AwsError ? error : internalFailure(error)),
  );
  return losesAnswer(fault) ? null : done;
}

/** Prints the local cloud's own errors, since a client may retry a 500 until it gives up. */
function internalFailure(error: unknown): AwsError {
  const cause = error instanceof Error ? error : new Error(String(error));
  process.emitWarning(cause);
  return new AwsError('InternalFailure', `local: ${cause.message}`, 500);
}

type Strike = Pick<Faults, 'strike'> & { readonly isGone: () => boolean };

async function perform(
  raw: WireRequest,
  { accessKeyId, region }: Signed,
  { service, codec }: Target,
  { faults, callerOf, accountOf, authorize, strike, isGone }: AwsFrontOptions & Strike,
): Promise<WireAnswer> {
  const { operation, input } = await codec.read(withoutChunks(raw));
  const behaviour = service.operations[operation];
  if (!behaviour) {
    throw new AwsError(
      'UnknownOperationException',
      `local: ${service.id} has no ${operation}`,
      404,
    );
  }
  const caller = callerOf(accessKeyId);
  const call: Call = { region, account: accountOf?.(accessKeyId) ?? homeAccount, accessKeyId };
  const run = runOf(raw.headers);
  const fault = strike({ service: service.id, operation, caller, region, run, input });
  if (fault?.do === 'kill-before') {
    faults.kill(caller, run);
    throw new AwsError('RequestTimeout', 'local: the caller was ended before the call');
  }
  throwIfRefused(fault, service, operation);
  if (fault?.do === 'freeze') {
    await fault.thawed();
    if (isGone()) throw new AwsError('RequestTimeout', 'local: the thawed caller gave up');
  }
  const effect = async () => {
    await authorize?.({ ...call, service: service.id, operation, input });
    return behaviour(input, call);
  };
  try {
    return codec.answer(operation, await carryOut(fault, effect));
  } finally {
    // This holds for any answer, also an error: its caller is gone before it arrives.
    if (fault?.do === 'kill-after') faults.kill(caller, run);
  }
}

function throwIfRefused(fault: Fault | null, service: RunningService, operation: string) {
  if (fault?.do === 'refuse') {
    throw new AwsError(fault.code, `local: a fault refuses ${operation}`, fault.status);
  }
  if (fault?.do === 'throttle') throw throttleOf(service.id);
}

/** The throttling error of each service, as it is sent. */
function throttleOf(service: RunningService['id']): AwsError {
  switch (service) {
    case 's3':
      return new AwsError('SlowDown', 'Please reduce your request rate.', 503);
    case 'apigateway':
      return new AwsError('TooManyRequestsException', 'Too Many Requests', 429);
    case 'lambda':
      return new AwsError('TooManyRequestsException', 'Rate Exceeded.', 429);
    case 'cloudfront':
    case 'elb':
    case 'elbv2':
    case 'route53':
      return new AwsError('Throttling', 'Rate exceeded');
    default:
      return new AwsError('ThrottlingException', 'Rate exceeded');
  }
}

const signingNames: Readonly<Record<string, string>> = {
  cloudwatch: 'monitoring',
  elb: 'elasticloadbalancing',
  elbv2: 'elasticloadbalancing',
};

/** ELB and ELBv2 use the same signing name, and differ in the `Version` of the form. */
function targetOf(request: WireRequest, signed: Signed, spoken: readonly SpokenService[]) {
  const named = spoken.filter(
    ({ service }) => (signingNames[service.id] ?? service.id) === signed.service,
  );
  const found = signed.service === 'elasticloadbalancing' ? ofVersion(request, named) : named[0];
  return found ? { ...found, codec: found.codecFor(request) } : null;
}

function ofVersion(request: WireRequest, named: readonly SpokenService[]) {
  const version =
    request.query.get('Version') ??
    new URLSearchParams(Buffer.from(request.body).toString()).get('Version');
  return named.find(({ apiVersion }) => apiVersion === version);
}

function unroutable(signed: Signed | null): WireAnswer {
  const message = signed
    ? `local: there is no service that signs as "${signed.service}"`
    : 'local: the request carries no AWS signature';
  const code = signed ? 'UnknownOperationException' : 'MissingAuthenticationToken';
  return {
    status: signed ? 404 : 403,
    headers: { 'content-type': 'application/json', 'x-amzn-errortype': code },
    body: JSON.stringify({ __type: code, message }),
  };
}

function send(done: WireAnswer, incoming: IncomingMessage, outgoing: ServerResponse) {
  const bodiless = incoming.method === 'HEAD' || done.status === 204 || done.status === 304;
  outgoing.writeHead(done.status, {
    ...(bodiless ? {} : { 'content-length': Buffer.byteLength(done.body) }),
    'x-amzn-requestid': crypto.randomUUID(),
    ...done.headers,
  });
  outgoing.end(bodiless ? undefined : done.body);
}
