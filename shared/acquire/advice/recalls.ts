import * as z from 'zod/mini';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';

/**
 * By the directory of a CA: when it was last seen to revoke a certificate, or to want one replaced sooner than it had said.
 * It may concern all that it issued, so each of them is asked about again, once, before its time. ISO 8601.
 */
export type Recalls = Readonly<Record<string, string>>;

export const noRecalls: Recalls = {};

/** `advice/recalls.json`: issue alone writes it. If it is lost, each certificate is asked about in its own time. */
export function s3Recalls(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Recalls> {
  return sharedObject<Recalls>(objects, {
    key: 'advice/recalls.json',
    parse: (json) => readableEntries(z.iso.datetime(), json),
    toJson: (recalls) => recalls,
    empty: noRecalls,
  });
}

/** All others have been asked about by then, or are asked in their own time. */
const countsForMs = dayMs;
/** The certificates that are asked about because of one recall find the same, and do not begin another. */
const onceInMs = hourMs;

/** Says whether a certificate that was last asked about at this time is to be asked about again. Pure. */
export function isRecalled(
  recalls: Recalls,
  directory: string,
  askedAt: string | undefined,
  now: Date,
): boolean {
  const at = recalls[directory];
  if (at === undefined || at > now.toISOString()) return false;
  return addMs(new Date(at), countsForMs) > now && (askedAt ?? '') < at;
}

/** Returns the same recalls where one of this CA is an hour old at most. Pure. */
export function withRecall(recalls: Recalls, directory: string, now: Date): Recalls {
  const at = recalls[directory];
  const isRecent =
    at !== undefined && at <= now.toISOString() && addMs(new Date(at), onceInMs) > now;
  return isRecent ? recalls : { ...recalls, [directory]: now.toISOString() };
}
