import type { LedgerEvent } from './ledger/record.ts';

/** A hint to look at a certificate. What is to be done is decided from the ledger, never from this. */
export type Work =
  | { readonly kind: 'issue'; readonly certificate: string }
  | { readonly kind: 'deploy'; readonly certificate: string; readonly place: string }
  | { readonly kind: 'verify'; readonly certificate: string };

export type WorkQueues = {
  /** `why` (an attempt, a version and a state) and the time make the deduplication id unique. */
  send(work: Work, why: string): Promise<void>;
};

/** The `source` by which rules know our events. */
export const eventSource = 'certkeep';

export type EventBus = {
  publish(events: readonly LedgerEvent[]): Promise<void>;
};
