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

/** One structured line per step: a static message and fields. Never a whole event, request or response. */
export type Log = {
  info(message: string, fields: LogFields): void;
  warn(message: string, fields: LogFields): void;
  error(message: string, fields: LogFields): void;
};

/** Somebody has written what only certkeep writes. */
const intrusions: readonly ErrorName[] = ['AttemptNotOurs'];

/** Of a failure that the ledger holds and retries: what certkeep has no name for is a fault to be looked at. */
export function levelOf(error: unknown): 'warn' | 'error' {
  if (intrusions.some((name) => isCertkeepError(error, name))) return 'error';
  return isCertkeepError(error) ? 'warn' : 'error';
}
