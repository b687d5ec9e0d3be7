export type Payload = Readonly<Record<string, unknown>>;

export type Reply = {
  readonly status: number;
  readonly headers?: Readonly<Record<string, string>>;
  /** Sent as JSON; a string is sent as it is, under the headers' content type. */
  readonly body?: unknown;
};
