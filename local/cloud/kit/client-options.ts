import { NodeHttpHandler } from '@smithy/node-http-handler';

type Handler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

type Settings = {
  readonly region?: string;
  readonly credentials?: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  /** One by default, so that a caller sees every answer. */
  readonly maxAttempts?: number;
  /** Every request awaits this first, also a retry. */
  readonly before?: () => Promise<void>;
};

export type CallerOptions = ReturnType<typeof callerOptions>;

/** Options for an SDK client of a caller without any role, pointed at a front. */
export function callerOptions(front: { readonly endpoint: string }, settings: Settings = {}) {
  const {
    region = 'us-east-1',
    credentials = { accessKeyId: 'AKIATEST', secretAccessKey: 'secret' },
    maxAttempts = 1,
    before = async () => {},
  } = settings;
  const requestHandler = waiting(new NodeHttpHandler(), before);
  return { endpoint: front.endpoint, region, credentials, maxAttempts, requestHandler };
}

function waiting(inner: Handler, before: () => Promise<void>): Handler {
  return {
    metadata: inner.metadata,
    async handle(request, options) {
      await before();
      return inner.handle(request, options);
    },
    destroy: () => inner.destroy(),
    updateHttpClientConfig: (key, value) => inner.updateHttpClientConfig(key, value),
    httpHandlerConfigs: () => inner.httpHandlerConfigs(),
  };
}
