import type {
  CertificateRecord,
  Deployment,
  ListenerChange,
  Version,
} from '#shared/ledger/record/record.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';

/** What the endpoint served before a change. */
export type Baseline = Pick<Deployment, 'baselineSerial' | 'baselineSha256'>;

/** What a target held and served before a change: where it goes back to. */
export type PreviousState = Baseline & Pick<Deployment, 'previous'>;

/** What is to be bound, and what was found before that. */
export type Intent = PreviousState & {
  /** Null where the import has not decided it yet. */
  readonly arn: string | null;
  /** Into an SNI list, where nothing has to go for it. */
  readonly isAdded: boolean;
  /** When the listener was changed for this version before, within a day; absent where it is not changed now. */
  readonly changes?: readonly ListenerChange[];
  /** When what the endpoint serves ends (ISO 8601); null when nothing answered. */
  readonly servedUntil: string | null;
};

/**
 * What a change to `version` can go back to, where the target now holds `found`. A version that never
 * proved itself is no state to return to: then what was there before it is kept, as long as it lasts.
 */
export function beforeChange(
  former: Deployment | undefined,
  found: PreviousState & { readonly isAdded: boolean },
  { version, now }: { readonly version: Pick<Version, 'id'>; readonly now: Date },
): PreviousState {
  const { previous } = found;
  if (!former || !previous?.versionId) return found;
  const isUnfinished = former.state === 'awaiting-proof' && former.nextProbeAt === null;
  // The intent of an earlier run that died: what it found then is what there was.
  if (former.versionId === version.id && isUnfinished && former.previous)
    return kept(former, found);
  const holds = former.arn === previous.arn && former.versionId === previous.versionId;
  if (!holds || former.provenAt !== null) return found;
  const wasAdded = found.isAdded && !former.previous && former.baselineSerial !== null;
  return wasAdded || lasts(former.previous, now) ? kept(former, found) : found;
}

/** Where nothing had answered before, what answers now is all that is known. */
function kept(former: Deployment, found: Baseline): PreviousState {
  return former.baselineSerial === null ? { ...found, previous: former.previous } : former;
}

/** What a target is left with when a deploy of a newer version fails before it has touched the target. */
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

/** Nothing is put back that ends within a day. */
export function lasts(
  held: { readonly notAfter: string | null } | null | undefined,
  now: Date,
): boolean {
  return Boolean(held?.notAfter) && new Date(held?.notAfter as string) > addMs(now, dayMs);
}
