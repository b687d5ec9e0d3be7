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
  /** The time at which a run last wrote this. */
  at: z.nullable(instant),
  /** The end of the last complete look. */
  doneAt: z.nullable(instant),
  /** The key that the present look has reached. */
  after: z.nullable(z.string()),
  /** The reason why the region cannot be listed, and the time since then. */
  failure: z.nullable(ledgerObject({ since: instant, reason: z.string() })),
});

/** The progress of sync's daily look at the real content of a region's bucket. */
export type RegionLook = Readonly<z.output<typeof schema>>;

export const noLook: RegionLook = { at: null, doneAt: null, after: null, failure: null };

/** Only sync writes it. If it is lost, that costs one more look. */
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

/** Says whether anything has been in sync there for a day: before, there is nothing to look at again. */
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

/** Says whether a look is due: once a day after the last complete one. */
export function isLookDue({ doneAt }: RegionLook, now: Date): boolean {
  if (doneAt === null || isAhead(doneAt, now, past)) return true;
  return addMs(new Date(doneAt), dayMs) <= now;
}

/**
 * Says whether to ask sync for it: at once if the last run made progress, and once an hour if no run has returned, so that
 * a run that dies is not started at every check.
 */
export function isLookToAsk(look: RegionLook, askedAt: string | null, now: Date): boolean {
  if (!isLookDue(look, now)) return false;
  if (askedAt === null || isAhead(askedAt, now, past)) return true;
  if (look.at !== null && look.at > askedAt) return true;
  return addMs(new Date(askedAt), hourMs) <= now;
}

/** A region that cannot be listed counts as behind. */
export function behindByLook(region: string, { failure }: RegionLook): RegionBehind | null {
  if (!failure) return null;
  const { since, reason } = failure;
  return { region, certificates: 0, since, newest: '', reason };
}
