/** An ACME client for the benchmark. A new one knows neither directory nor account. */
export type BenchClient = {
  /** Issues one certificate for these names, with a new P-256 key. */
  issue(names: readonly string[]): Promise<void>;
};

export type BenchTarget = { readonly directoryUrl: string; readonly rootPem: string };

/** The interval of looks at an order where the CA names none. */
export const pollMs = 25;
