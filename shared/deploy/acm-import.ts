import { type HistoryEntry, withHistory } from '#shared/ledger/record/history.ts';
import type { AcmImport, CertificateRecord, Failure } from '#shared/ledger/record/record.ts';
import { addMs } from '#shared/time/clock.ts';
import { forgotten } from './deployment.ts';
import { lookAgainMs, neverUsed, replaced } from './retire/retired-arn.ts';

/*
 *              newImportBegun                     settled
 *   no import ───────────────▶ new import ─────────────────────▶ holds a version
 *     │    ▲                   under way ◀──────────────────────    │     ▲
 *     │    │                       ▲          newImportBegun        │     │ settled,
 *     │    │ placeLeft             │                  reimportBegun,│     │ heldAsBefore
 *     │    │ (from every state)    │                   putBackBegun ▼     │
 *     │    └──                     └───────────────────────── re-import under way
 *     │                             notAdopted, newImportBegun      ▲
 *     └─────────────────────────────────────────────────────────────┘
 *                     reimportBegun, of a certificate that is adopted
 *
 *   An ARN that settled replaces, or that twinFound or unheardFound names, goes on as a retired ARN
 *   (retire/retired-arn.ts). In a retired place: stillInUse or notLeft, until arnGone of each, then placeLeft.
 */

/** Returns the version whose first import is under way, and may have created a certificate whose answer was lost. */
export function newImportOf({ arn, versionId, importing }: AcmImport): string | null {
  // A re-import names its ARN and no version in its intent.
  return arn === null || versionId !== null ? importing : null;
}

/** Written before a call whose answer is the only source of the ARN. */
export function newImportBegun(
  record: CertificateRecord,
  place: string,
  { versionId, at }: { readonly versionId: string; readonly at: Date },
): CertificateRecord {
  return put(record, place, { ...importOf(record, place, at), importing: versionId });
}

type ReimportBegun = {
  readonly arn: string;
  readonly versionId: string;
  /** The version that the ARN held before; null where it is not one of ours. */
  readonly previousVersionId: string | null;
  readonly why: string;
  readonly at: Date;
};

/** A re-import changes what every target with the ARN serves: their way back is already in the record. */
export function reimportBegun(
  record: CertificateRecord,
  place: string,
  { arn, versionId, previousVersionId, why, at }: ReimportBegun,
): CertificateRecord {
  const entry = { ...importOf(record, place, at), arn, versionId: null, previousVersionId };
  const begun = put(record, place, { ...entry, importing: versionId });
  return withHistory(begun, said(at, `importing onto ${arn}`, why));
}

/** The previous version is being imported onto the same ARN again. */
export function putBackBegun(
  record: CertificateRecord,
  place: string,
  versionId: string,
): CertificateRecord {
  return changed(record, place, { versionId: null, importing: versionId });
}

/** The import is done: the ARN holds the version. An ARN used before stays until this one is proven. */
export function settled(
  record: CertificateRecord,
  place: string,
  { arn, versionId, at }: { readonly arn: string; readonly versionId: string; readonly at: Date },
): CertificateRecord {
  const before = importOf(record, place, at);
  const isSettled = before.arn === arn && before.versionId === versionId;
  if (isSettled && before.importing === null) return record;
  const others = before.retired.filter((each) => each.arn !== arn);
  const earlier = before.arn === arn ? null : before.arn;
  return put(record, place, {
    ...before,
    arn,
    versionId,
    importing: null,
    previousVersionId: earlier === null ? before.previousVersionId : null,
    retired: earlier === null ? others : [...others, replaced(earlier, at)],
    importedAt: at.toISOString(),
  });
}

/** The certificate to adopt belongs to somebody else, or cannot be imported onto. */
export function notAdopted(
  record: CertificateRecord,
  place: string,
  { why, at }: { readonly why: string; readonly at: Date },
): CertificateRecord {
  const before = importOf(record, place, at);
  const after = put(record, place, { ...before, ...nothingHeld });
  return withHistory(after, said(at, `${before.arn} is not ours`, why));
}

/** The ARN still holds, or holds again, an older version of ours; null where the record has lost that version. */
export function heldAsBefore(
  record: CertificateRecord,
  place: string,
  held: { readonly versionId: string | null; readonly why: string; readonly at: Date },
): CertificateRecord {
  const { versionId, why, at } = held;
  const before = importOf(record, place, at);
  const entry = { ...before, versionId, importing: null, previousVersionId: null };
  const what = versionId
    ? `${before.arn} holds version ${versionId}`
    : `${before.arn} is as it was`;
  return withHistory(put(record, place, entry), said(at, what, why));
}

/** An import created a second ARN, which is deleted once the one in use is proven. */
export function twinFound(
  record: CertificateRecord,
  place: string,
  { arn, at }: { readonly arn: string; readonly at: Date },
): CertificateRecord {
  const entry = importOf(record, place, at);
  const others = entry.retired.filter((each) => each.arn !== arn);
  return put(record, place, { ...entry, retired: [...others, neverUsed(arn, at)] });
}

/** Records a certificate of an import whose answer was lost, in a place that is left: it will not be used. */
export function unheardFound(
  record: CertificateRecord,
  place: string,
  { arns, at }: { readonly arns: readonly string[]; readonly at: Date },
): CertificateRecord {
  return arns.reduce(
    (all, arn) => twinFound(all, place, { arn, at }),
    changed(record, place, { importing: null }),
  );
}

export function published(
  record: CertificateRecord,
  place: string,
  arn: string,
): CertificateRecord {
  return changed(record, place, { publishedArn: arn, publishFailure: null });
}

export function notPublished(
  record: CertificateRecord,
  place: string,
  failure: Failure,
): CertificateRecord {
  return changed(record, place, { publishFailure: failure });
}

/** Written before the parameter is deleted: if the place came back now, its ARN would be published again. */
export function withdrawn(record: CertificateRecord, place: string): CertificateRecord {
  return changed(record, place, { publishedArn: null, publishFailure: null });
}

/** Something in a retired place is still in use. */
export function stillInUse(record: CertificateRecord, place: string, at: Date): CertificateRecord {
  const lookAgainAt = addMs(at, lookAgainMs).toISOString();
  return changed(record, place, { leaving: { lookAgainAt, failure: null } });
}

export function notLeft(
  record: CertificateRecord,
  place: string,
  failure: Failure,
): CertificateRecord {
  return changed(record, place, { leaving: { lookAgainAt: failure.nextAttemptAt, failure } });
}

/** The ARN was deleted, or is not ours: neither it nor the targets that had it matter any more. */
export function arnGone(record: CertificateRecord, place: string, arn: string): CertificateRecord {
  const entry = record.imports[place];
  if (!entry) return record;
  const retired = entry.retired.filter((each) => each.arn !== arn);
  const after = { ...entry, ...(entry.arn === arn && nothingHeld), retired };
  return forgotten(put(record, place, after), (each) => each.place === place && each.arn === arn);
}

/** Nothing of ours is left in a retired place. */
export function placeLeft(record: CertificateRecord, place: string, at: Date): CertificateRecord {
  const { [place]: _left, ...imports } = record.imports;
  const after = forgotten({ ...record, imports }, (each) => each.place === place);
  return withHistory(
    after,
    said(at, `nothing of ours is left in ${place}`, 'the place is retired'),
  );
}

const nothingHeld = { arn: null, versionId: null, importing: null, previousVersionId: null };

function importOf(record: CertificateRecord, place: string, at: Date): AcmImport {
  return (
    record.imports[place] ?? {
      ...nothingHeld,
      retired: [],
      importedAt: at.toISOString(),
      publishedArn: null,
      publishFailure: null,
      leaving: null,
    }
  );
}

/** Returns the record unchanged where the place has no import. */
/** Somebody else did something to a certificate there. */
export function disturbed(
  record: CertificateRecord,
  place: string,
  incident: NonNullable<AcmImport['incident']>,
): CertificateRecord {
  return changed(record, place, { incident });
}

function changed(
  record: CertificateRecord,
  place: string,
  change: Partial<AcmImport>,
): CertificateRecord {
  const entry = record.imports[place];
  return entry ? put(record, place, { ...entry, ...change }) : record;
}

function put(record: CertificateRecord, place: string, entry: AcmImport): CertificateRecord {
  return { ...record, imports: { ...record.imports, [place]: entry } };
}

function said(at: Date, what: string, why: string): HistoryEntry {
  return { at: at.toISOString(), stage: 'import', what, why };
}
