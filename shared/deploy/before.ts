import { addMs, dayMs } from '#shared/clock.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record.ts';

/** What a target held and served before a change: where it goes back to. */
export type Before = Pick<Deployment, 'previous' | 'baselineSerial'>;

/**
 * What a change to `version` can go back to, where the target now holds `found`. A version that never
 * proved itself is no state to return to: then what was there before it is kept, as long as it lasts.
 */
export function beforeChange(
  former: Deployment | undefined,
  found: Before & { readonly isAdded: boolean },
  { version, now }: { readonly version: Pick<Version, 'id'>; readonly now: Date },
): Before {
  const { previous, baselineSerial } = found;
  if (!former || !previous?.versionId) return { previous, baselineSerial };
  const isUnfinished = former.state === 'awaiting-proof' && former.nextProbeAt === null;
  // The intent of an earlier run that died: what it found then is what there was.
  if (former.versionId === version.id && isUnfinished && former.previous) return former;
  const holds = former.arn === previous.arn && former.versionId === previous.versionId;
  if (!holds || former.provenAt !== null) return { previous, baselineSerial };
  const wasAdded = found.isAdded && !former.previous && former.baselineSerial !== null;
  return wasAdded || lasts(former.previous, now) ? former : { previous, baselineSerial };
}

/** What a target is left with when a deploy of a newer version fails before it has touched the target. */
export function leftBy(
  record: Pick<CertificateRecord, 'versions'>,
  former: Deployment | undefined,
  now: Date,
): Before {
  if (!former) return { previous: null, baselineSerial: null };
  const { arn, versionId } = former;
  const version = record.versions.find(({ id }) => id === versionId);
  const isThere =
    former.provenAt !== null || (former.state !== 'failed' && former.state !== 'rolled-back');
  const isWorthIt = former.provenAt !== null || !lasts(former.previous, now);
  if (!arn || !version || !isThere || !isWorthIt) return former;
  return {
    previous: { arn, versionId, notAfter: version.notAfter },
    baselineSerial: former.provenAt ? version.serial : former.baselineSerial,
  };
}

/** Nothing is put back that ends within a day. */
export function lasts(
  held: { readonly notAfter: string | null } | null | undefined,
  now: Date,
): boolean {
  return Boolean(held?.notAfter) && new Date(held?.notAfter as string) > addMs(now, dayMs);
}
