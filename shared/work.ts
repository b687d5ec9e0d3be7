import type { LedgerEvent } from './ledger/record.ts';

/** A hint to look at a certificate. What is to be done is decided from the ledger, never from this. */
export type Work =
  | { readonly kind: 'issue'; readonly certificate: string }
  | { readonly kind: 'deploy'; readonly certificate: string; readonly place: string }
  | { readonly kind: 'verify'; readonly certificate: string };

export const workKinds = ['issue', 'deploy', 'verify'] as const satisfies Work['kind'][];

/** What excludes other work: two pieces of the same key never run side by side. */
export function workKey(work: Work): string {
  return work.kind === 'deploy'
    ? `${work.kind}:${work.certificate}:${work.place}`
    : `${work.kind}:${work.certificate}`;
}

export type WorkQueues = {
  /** `why` (an attempt, a version and a state) and the time make the deduplication id unique. */
  send(work: Work, why: string): Promise<void>;
};

/** For what cannot stand in a queue. */
export type FunctionStarter = {
  /** Starts the function of the work beside its queue, with the body of a message, and does not wait for it. */
  start(work: Work): Promise<void>;
};

/** Starts one run of sync for all that is behind in a replica region. */
export type SyncStarter = { startSync(region: string): Promise<void> };

/** The `source` by which rules know our events. */
export const eventSource = 'certkeep';

export type EventBus = {
  publish(events: readonly LedgerEvent[]): Promise<void>;
};
