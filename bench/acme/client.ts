/** An ACME client for the benchmark. A new one knows neither directory nor account. */
export type BenchClient = {
  /** Issues one certificate for these names, with a new P-256 key. */
  issue(names: readonly string[]): Promise<void>;
};

export type BenchTarget = {
  readonly directoryUrl: string;
  readonly rootPem: string;
  /** The wait between two looks at an order where the CA names none; null for the client's own. */
  readonly pollMs: number | null;
};
