/** What a benchmark asks of an ACME client; one that is new knows neither directory nor account. */
export type BenchClient = {
  /** One certificate for these names, with a P-256 key of its own. */
  issue(names: readonly string[]): Promise<void>;
};

export type BenchTarget = { readonly directoryUrl: string; readonly rootPem: string };

/** How often a client looks at an order again where the CA does not say. */
export const pollMs = 25;
