import * as z from 'zod/mini';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { isAhead, past } from '#shared/ledger/record/times.ts';
import { knownReplica } from '#shared/ledger/replica.ts';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import type { RegionBehind } from './regions.ts';

const instant = z.iso.datetime();

const schema = ledgerObject({
  /** When a run last wrote this. */
  at: z.nullable(instant),
  /** When a look last ended that went over everything. */
  doneAt: z.nullable(instant),
  /** The key up to which the look under way has come. */
  after: z.nullable(z.string()),
  /** Why nothing can be listed there, and since when. */
  failure: z.nullable(ledgerObject({ since: instant, reason: z.string() })),
});

/** How far sync has come with its daily look at what the bucket of a region really holds. */
export type RegionLook = Readonly<z.output<typeof schema>>;

export const noLook: RegionLook = { at: null, doneAt: null, after: null, failure: null };

/** Written by sync alone. Lost, it costs one more look. */
export function s3RegionLook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  region: string,
): SharedObject<RegionLook> {
  return sharedObject(objects, {
    key: `replicas/${region}.json`,
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (look) => look,
    empty: noLook,
  });
}

/** Whether anything has been in sync there for a day: before, there is nothing to look at again. */
export function hasCopiesOfBefore(
  records: readonly CertificateRecord[],
  region: string,
  now: Date,
): boolean {
  return records.some((record) => {
    const known = knownReplica(record, region);
    return known?.secretInSync === true && addMs(new Date(known.syncedAt), dayMs) <= now;
  });
}

/** Whether a look is due, once a day after the last one that went over everything. */
export function isLookDue({ doneAt }: RegionLook, now: Date): boolean {
  if (doneAt === null || isAhead(doneAt, now, past)) return true;
  return addMs(new Date(doneAt), dayMs) <= now;
}

/**
 * Whether sync is to be asked for it: at once where the last run has come further, and once an hour where none has
 * come back, so that a run that dies is not started at every check.
 */
export function isLookToAsk(look: RegionLook, askedAt: string | null, now: Date): boolean {
  if (!isLookDue(look, now)) return false;
  if (askedAt === null || isAhead(askedAt, now, past)) return true;
  if (look.at !== null && look.at > askedAt) return true;
  return addMs(new Date(askedAt), hourMs) <= now;
}

/** A region that cannot be listed is behind as far as anybody knows. */
export function behindByLook(region: string, { failure }: RegionLook): RegionBehind | null {
  if (!failure) return null;
  const { since, reason } = failure;
  return { region, certificates: 0, since, newest: '', reason };
}
