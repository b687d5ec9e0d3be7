import type { LedgerEvent } from './ledger/record.ts';

/** A hint to look at a certificate. What is to be done is decided from the ledger, never from this. */
export type Work =
  | { readonly kind: 'issue'; readonly certificate: string }
  | { readonly kind: 'deploy'; readonly certificate: string; readonly place: string }
  | { readonly kind: 'verify'; readonly certificate: string };

/** A place where deploy is to prove that its rights are those that renewals need; `again` whatever is known of it. */
export type ProofWork = {
  readonly kind: 'prove';
  readonly place: string;
  readonly again?: boolean | undefined;
};

export type WorkQueues = {
  /** `why` (an attempt, a version and a state) and the time make the deduplication id unique. */
  send(work: Work, why: string): Promise<void>;
};

/** The queue of deploy, for what belongs to no certificate. */
export type ProofQueue = {
  send(work: ProofWork, why: string): Promise<void>;
};

/** The `source` by which rules know our events. */
export const eventSource = 'certkeep';

export type EventBus = {
  publish(events: readonly LedgerEvent[]): Promise<void>;
};
