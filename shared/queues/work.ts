import type { QueueName } from '#shared/installation.ts';

/** A hint to look at a certificate. The next step is decided from the ledger, never from this. */
export type CertificateWork =
  | { readonly kind: 'issue'; readonly certificate: string }
  | { readonly kind: 'deploy'; readonly certificate: string; readonly place: string }
  | { readonly kind: 'verify'; readonly certificate: string };

/** A place where deploy proves that it has the rights that renewals need; `again` proves them whatever is known. */
export type ProofWork = {
  readonly kind: 'prove';
  readonly place: string;
  readonly again?: boolean | undefined;
};

/** A place whose listeners are looked at: do they still hold what they were given? */
type LookWork = { readonly kind: 'look'; readonly place: string };

export type Work = CertificateWork | ProofWork | LookWork;

/**
 * Work as it is sent: one run also does it for the other certificates, side by side. A function of an earlier release does
 * it for the first one alone, and check finds the others in the ledger.
 */
export type Message<Sent extends Work = Work> = Sent & {
  readonly also?: readonly string[];
  /** Set where a run of it has died, which may not have passed on to the next stage what it had done. */
  readonly died?: true;
};

export type Worker = QueueName;

export function workerOf({ kind }: Pick<Work, 'kind'>): Worker {
  switch (kind) {
    case 'prove':
      return 'deploy';
    case 'look':
      return 'verify';
    default:
      return kind;
  }
}

/** Returns the key that excludes other work: two pieces with the same key never run concurrently. */
export function workKey(work: Work): string {
  switch (work.kind) {
    case 'deploy':
      return `deploy:${work.certificate}:${work.place}`;
    case 'prove':
    case 'look':
      return `${work.kind}:${work.place}`;
    default:
      return `${work.kind}:${work.certificate}`;
  }
}

export type Queues<Sent extends Work> = {
  /** `why` (an attempt, a version and a state) and the time make the deduplication id unique. */
  send(message: Message<Sent>, why: string): Promise<void>;
};

/** Messages from one stage to another. */
export type WorkQueues = Queues<CertificateWork>;

/** For work that has a time of its own, within a quarter of an hour: what waits longer is brought again and again. */
export type LaterQueue = { sendAt(message: CertificateWork, at: Date): Promise<void> };

/** For work that cannot wait in a queue. */
export type FunctionStarter = {
  /** Starts the function directly, with the body of a message, and does not wait for it. */
  start(message: Message): Promise<void>;
};

/** Starts one run of sync for everything that is behind in a replica region. */
export type SyncStarter = { startSync(region: string): Promise<void> };
