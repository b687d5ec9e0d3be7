/** The caller and the region, from the request's signature. */
export type Call = {
  readonly region: string;
  readonly account: string;
  readonly accessKeyId: string;
};

/**
 * One AWS service of the local cloud: behaviour only, keyed by operation name. Inputs and outputs have the form of the
 * SDK's command inputs and outputs; the codec converts the wire format.
 */
// biome-ignore lint/suspicious/noExplicitAny: each service file types its own operations with the SDK's types
export type Operations = Readonly<Record<string, (input: any, call: Call) => unknown>>;

/** An error as AWS answers it: `code` is the SDK's error name (`ResourceNotFoundException`). */
export class AwsError extends Error {
  readonly code: string;
  readonly status: number;
  /** Headers of the error, where REST services have them. */
  readonly headers: Readonly<Record<string, string>>;
  constructor(
    code: string,
    message: string,
    status = 400,
    headers: Readonly<Record<string, string>> = {},
  ) {
    super(message);
    this.name = 'AwsError';
    this.code = code;
    this.status = status;
    this.headers = headers;
  }
}

/** Carries out an operation as a request would. */
export function ask<Output = unknown>(
  service: { readonly operations: Operations },
  operation: string,
  input: object,
  call: Call,
): Output {
  const behaviour = service.operations[operation];
  if (!behaviour) throw new Error(`local: there is no ${operation}`);
  return behaviour(input, call) as Output;
}
