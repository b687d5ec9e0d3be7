import type {
  CertificateRecord,
  Deployment,
  ListenerChange,
  Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

/** The certificate that the endpoint served before a change. */
export type Baseline = Pick<Deployment, 'baselineSerial' | 'baselineSha256'>;

/** The certificate that a target held and served before a change, to which it goes back. */
export type PreviousState = Baseline & Pick<Deployment, 'previous'>;

/** The ARN to bind, and the state found before that. */
export type Intent = PreviousState & {
  /** Null where the import has not decided it yet. */
  readonly arn: string | null;
  /** True for an addition to an SNI list that replaces nothing. */
  readonly isAdded: boolean;
  /** The times within a day at which the listener was changed for this version; absent where it is not changed now. */
  readonly changes?: readonly ListenerChange[];
  /** The end of the certificate that the endpoint serves (ISO 8601); null when nothing answered. */
  readonly servedUntil: string | null;
};

/**
 * Returns the state that a change to `version` can go back to, where the target now holds `found`. A version that never
 * proved itself is no state to return to: then the state before it is kept, as long as that lasts.
 */
export function beforeChange(
  former: Deployment | undefined,
  found: PreviousState & { readonly isAdded: boolean },
  { version, now }: { readonly version: Pick<Version, 'id'>; readonly now: Date },
): PreviousState {
  const { previous } = found;
  if (!former || !previous?.versionId) return found;
  const isUnfinished = former.state === 'awaiting-proof' && former.nextProbeAt === null;
  // The intent of an earlier run that died: it found the state before the change.
  if (former.versionId === version.id && isUnfinished && former.previous)
    return kept(former, found);
  const holds = former.arn === previous.arn && former.versionId === previous.versionId;
  if (!holds || former.provenAt !== null) return found;
  const wasAdded = found.isAdded && !former.previous && former.baselineSerial !== null;
  return wasAdded || lasts(former.previous, now) ? kept(former, found) : found;
}

/** Where nothing answered before, the present answer is all that is known. */
function kept(former: Deployment, found: Baseline): PreviousState {
  return former.baselineSerial === null ? { ...found, previous: former.previous } : former;
}

/** Returns what a target keeps when a deploy of a newer version fails before it has touched the target. */
export function leftBy(
  record: Pick<CertificateRecord, 'versions'>,
  former: Deployment | undefined,
  now: Date,
): PreviousState {
  if (!former) return { previous: null, baselineSerial: null };
  const { arn, versionId } = former;
  const version = record.versions.find(({ id }) => id === versionId);
  const isThere =
    former.provenAt !== null || (former.state !== 'failed' && former.state !== 'rolled-back');
  const isWorthIt = former.provenAt !== null || !lasts(former.previous, now);
  if (!arn || !version || !isThere || !isWorthIt) return former;
  const previous = { arn, versionId, notAfter: version.notAfter };
  if (former.provenAt === null) return { ...former, previous };
  const { serial: baselineSerial, fingerprintSha256: baselineSha256 } = version;
  return { previous, baselineSerial, baselineSha256 };
}

/** A certificate that expires within a day is not put back. */
export function lasts(
  held: { readonly notAfter: string | null } | null | undefined,
  now: Date,
): boolean {
  return Boolean(held?.notAfter) && new Date(held?.notAfter as string) > addMs(now, dayMs);
}
