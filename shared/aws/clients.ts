import { NodeHttpHandler } from '@smithy/node-http-handler';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type RequestHandler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

export type Identity = {
  readonly accessKeyId: string;
  readonly secretAccessKey: string;
  readonly sessionToken?: string;
};

/** The options of every SDK client: `new ACMClient(options)`. */
export type ClientOptions = {
  readonly region: string;
  readonly requestHandler: RequestHandler;
  readonly maxAttempts: number;
  readonly credentials?: Identity | (() => Promise<Identity>);
  readonly endpoint?: string;
};

export type ClientSettings = {
  readonly region: string;
  /** The SDK's own chain by default. */
  readonly credentials?: Identity | (() => Promise<Identity>);
  readonly endpoint?: string;
  /** 3 by default. The SDK retries within the deadline. */
  readonly maxAttempts?: number;
  /** Sends the requests; by default a new handler with keep-alive. */
  readonly requestHandler?: RequestHandler;
  /** Every request awaits this first, also a retry. Tests stop a dead run here. */
  readonly before?: () => Promise<void>;
};

const connectionTimeoutMs = 3 * secondMs;
const requestTimeoutMs = 20 * secondMs;

/** Options for any SDK client. Every request they send obeys `deadlineSignal()`. */
export function clientOptions({
  requestHandler = keepAliveHandler(),
  before,
  maxAttempts = 3,
  ...given
}: ClientSettings): ClientOptions {
  return { ...given, maxAttempts, requestHandler: obedientHandler(requestHandler, before) };
}

function keepAliveHandler(): RequestHandler {
  return new NodeHttpHandler({
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: requestTimeoutMs,
    // By default the SDK only warns.
    throwOnRequestTimeout: true,
    // The request's timeout ends with the answer's headers; this one covers the body.
    socketTimeout: requestTimeoutMs,
  });
}

function obedientHandler(inner: RequestHandler, before = async () => {}): RequestHandler {
  return {
    metadata: inner.metadata,
    async handle(request, options = {}) {
      const abortSignal = combined(options.abortSignal, deadlineSignal());
      await before();
      return inner.handle(request, abortSignal ? { ...options, abortSignal } : options);
    },
    destroy: () => inner.destroy(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
  };
}

/** The same options, but each request, also a retry of the SDK, waits for its turn. */
export function paced(options: ClientOptions, turn: () => Promise<void>): ClientOptions {
  const { requestHandler: inner } = options;
  const requestHandler: RequestHandler = {
    metadata: inner.metadata,
    async handle(request, handlerOptions) {
      await turn();
      return inner.handle(request, handlerOptions);
    },
    destroy: () => inner.destroy(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
  };
  return { ...options, requestHandler };
}

type HandlerSignal = NonNullable<Parameters<RequestHandler['handle']>[1]>['abortSignal'];

function combined(given: HandlerSignal, deadline: AbortSignal | undefined): HandlerSignal {
  if (!deadline) return given;
  return given instanceof AbortSignal ? AbortSignal.any([given, deadline]) : deadline;
}
