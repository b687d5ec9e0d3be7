import type { AwsError } from './service.ts';

export type WireRequest = {
  readonly method: string;
  /** Still percent-encoded: a `%2F` in an S3 key is not a separator. */
  readonly path: string;
  readonly query: URLSearchParams;
  /** Names in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array;
};

export type WireAnswer = {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: Uint8Array | string;
};

/** One AWS protocol, from the server's side. */
export type Codec = {
  /** Throws `AwsError` `UnknownOperationException` for an operation that the service does not know. */
  read(request: WireRequest): Promise<{ readonly operation: string; readonly input: unknown }>;
  answer(operation: string, output: unknown): WireAnswer;
  error(error: AwsError): WireAnswer;
};

/** The protocol settings of an SDK client, which the SDK's public types leave out. */
export type ProtocolSettings = {
  readonly xmlNamespace?: string;
  readonly version: string;
};
