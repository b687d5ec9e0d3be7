import { randomUUID } from 'node:crypto';
import { CertkeepError, catalogue, errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { Clock } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import type { Ledger } from './ledger.ts';
import type { CertificateRecord, Lease } from './record/record.ts';

export type LeaseRequest = {
  /** The id of the certificate. */
  readonly id: string;
  /** `acquire`, or `deploy:<place>`. Leases of different names do not exclude each other. */
  readonly name: string;
  /** The name of the run that asks, for people. */
  readonly holder: string;
  /** Lies after the holder's hard deadline, so that none of its calls can overlap with a successor's lease. */
  readonly until: Date;
  readonly clock: Clock;
  readonly log: Log;
  /** Creates the fence. */
  readonly random?: () => string;
};

export type Leased<T> =
  | { readonly held: true; readonly value: T }
  | { readonly held: false; readonly until: Date; readonly holder: string };

/** A pure change of a record. */
export type Change = (record: CertificateRecord) => CertificateRecord;

/** The record of the leased certificate, for the holder: every call fails once the lease is lost. */
export type LeasedRecord = {
  /**
   * Reads the current record.
   * @throws CertkeepError LeaseLost, and those of `Ledger`
   */
  read(): Promise<CertificateRecord>;
  /** @throws CertkeepError LeaseLost, and those of `Ledger` */
  update(change: Change): Promise<CertificateRecord>;
  /**
   * Applies all changes in one write, and writes nothing if they change nothing.
   * @throws CertkeepError LeaseLost, and those of `Ledger`
   */
  updateAll(changes: readonly Change[]): Promise<void>;
};

/**
 * Runs `work` as the only holder of the lease, or says who holds it. `work` gets the certificate's record to read and to
 * write as long as the lease is ours. A run that was aborted by its deadline returns its lease all the same.
 */
export async function withLease<T>(
  ledger: Ledger,
  request: LeaseRequest,
  work: (mine: LeasedRecord) => Promise<T>,
): Promise<Leased<T>> {
  const { random = randomUUID, holder, until } = request;
  const lease = { fence: random(), holder, until: until.toISOString() };
  const current = await take(ledger, request, lease);
  if (current.fence !== lease.fence) {
    return { held: false, until: new Date(current.until), holder: current.holder };
  }
  try {
    const value = await work(fenced(ledger, request, lease.fence));
    await release(ledger, request, lease.fence, releasedFence);
    return { held: true, value };
  } catch (error) {
    await release(ledger, request, lease.fence, failedFence);
    throw error;
  }
}

/** Fences that no run draws. The second one marks the lease of a run that threw. */
const releasedFence = 'released';
const failedFence = 'failed';

/**
 * Returns when the last run that held the lease, and had looked at the record, returned it. Null while a run holds the
 * lease, where none ever did, and after a run that died or threw: its message comes again by itself.
 */
export function lastEnd(lease: Lease | undefined): Date | null {
  return lease?.fence === releasedFence ? new Date(lease.until) : null;
}

/** Returns the lease that is in force afterwards, ours or the other's. */
async function take(
  ledger: Ledger,
  { id, name, clock }: LeaseRequest,
  wanted: Lease,
): Promise<Lease> {
  const record = await ledger.update(id, (before) =>
    isHeld(before.leases[name], clock.now())
      ? before
      : { ...before, leases: { ...before.leases, [name]: wanted } },
  );
  const lease = record.leases[name];
  if (!lease) throw lost(id, name, lease);
  return lease;
}

function isOver({ fence }: Lease): boolean {
  return fence === releasedFence || fence === failedFence;
}

/** While a run holds the lease it already does the work; a dead run's lease expires by itself. */
export function isHeld(lease: Lease | undefined, now: Date): boolean {
  // The clock of the run that returned the lease may be ahead of ours.
  return lease !== undefined && !isOver(lease) && new Date(lease.until) > now;
}

function fenced(
  ledger: Pick<Ledger, 'update'>,
  { id, name }: Pick<LeaseRequest, 'id' | 'name'>,
  fence: string,
): LeasedRecord {
  return heldRecord((change) =>
    ledger.update(id, (record) => {
      if (record.leases[name]?.fence !== fence) throw lost(id, name, record.leases[name]);
      return change(record);
    }),
  );
}

/** Wraps one record by its update function. Without a lease it is for changes that any other write may precede, or follow. */
export function heldRecord(update: LeasedRecord['update']): LeasedRecord {
  return {
    // An update without a change writes nothing.
    read: () => update((record) => record),
    update,
    async updateAll(changes) {
      if (changes.length === 0) return;
      await update((record) => changes.reduce((changed, change) => change(changed), record));
    },
  };
}

function lost(id: string, name: string, current: Lease | undefined): CertkeepError {
  const isTaken = current && !isOver(current);
  const now = isTaken ? `${current.holder} holds it until ${current.until}` : 'nobody holds it';
  return new CertkeepError('LeaseLost', `the lease ${name} of ${id} is not ours any more: ${now}`);
}

/** A lease that cannot be returned expires, which is no reason to fail work that is done. */
async function release(
  ledger: Ledger,
  { id, name, clock, log }: LeaseRequest,
  fence: string,
  left: string,
): Promise<void> {
  const giveBack = () =>
    ledger.update(id, (record) => withReleased(record, name, { fence, left, now: clock.now() }));
  try {
    // Past its deadline a run may make only this call, which changes nothing outside the ledger.
    await withLastWord(giveBack);
  } catch (error) {
    log.warn('lease not released', {
      stage: catalogue.LeaseLost.stage,
      certificate: id,
      lease: name,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
  }
}

/** The time stays: check sends the same work again only to runs that have looked since. */
function withReleased(
  record: CertificateRecord,
  name: string,
  { fence, left, now }: { readonly fence: string; readonly left: string; readonly now: Date },
): CertificateRecord {
  const lease = record.leases[name];
  if (lease?.fence !== fence) return record;
  const until = now.toISOString();
  const released = {
    ...lease,
    fence: left,
    until: until < lease.until ? until : lease.until,
  };
  return { ...record, leases: { ...record.leases, [name]: released } };
}
