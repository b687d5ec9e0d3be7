import type { BundleName } from '#shared/installation.ts';

/** A line of a function's log. */
export type LogEvent = {
  /** Of CloudWatch Logs. */
  readonly id: string;
  readonly atMs: number;
  readonly functionName: BundleName;
  readonly line: string;
};

export type LogPage = { readonly events: readonly LogEvent[]; readonly next: string | null };

/** Asks for the lines of one function. Null where it has no log. */
export type ReadPage = (
  functionName: BundleName,
  ask: { readonly pattern: string; readonly fromMs: number; readonly token: string | null },
) => Promise<LogPage | null>;
