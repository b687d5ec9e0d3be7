import type { Stage } from '#shared/stage.ts';
import type { CertificateRecord } from './record.ts';

/** The maximum number of entries that a record keeps. */
export const historyLimit = 50;

export type HistoryEntry = {
  /** ISO 8601. */
  readonly at: string;
  readonly stage: Stage;
  readonly what: string;
  readonly why: string | null;
};

export function withHistory(
  record: CertificateRecord,
  { at, stage, what, why }: HistoryEntry,
): CertificateRecord {
  return {
    ...record,
    history: [...record.history, { at, stage, what, why }].slice(-historyLimit),
  };
}
