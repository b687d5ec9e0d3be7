import { type ErrorName, isCertkeepError } from './errors.ts';
import type { Stage } from './stage.ts';

export type LogFields = {
  readonly stage: Stage;
  readonly certificate?: string;
  readonly outcome?: string;
  readonly reason?: string;
  readonly durationMs?: number;
  readonly [field: string]: string | number | boolean | null | undefined;
};

/** Writes one structured line per step: a static message and fields. Never a whole event, request or response. */
export type Log = {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
};

/** Somebody else has written an object that only certkeep may write. */
const intrusions: readonly ErrorName[] = ['AttemptNotOurs'];

/** The level of a failure that the ledger records and retries: an error without a name of ours is a defect to investigate. */
export function levelOf(error: unknown): 'warn' | 'error' {
  if (intrusions.some((name) => isCertkeepError(error, name))) return 'error';
  return isCertkeepError(error) ? 'warn' : 'error';
}
