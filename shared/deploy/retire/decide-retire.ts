import type { AcmImport, CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { newImportOf } from '../acm-import.ts';

export type RetireDecision =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'waiting'; readonly until: Date }
  | { readonly outcome: 'due'; readonly reason: string };

/**
 * Decides from the record alone whether a certificate leaves a retired place now. check asks it, and deploy again under its
 * lease.
 */
export function decideRetire(
  record: Pick<CertificateRecord, 'imports' | 'deployments'>,
  place: string,
  now: Date,
): RetireDecision {
  const entry = record.imports[place];
  if (!entry && !isDeployedTo(record, place)) return { outcome: 'nothing' };
  if (!entry?.leaving) return { outcome: 'due', reason: `${place} is retired` };
  const { lookAgainAt, failure } = entry.leaving;
  const until = new Date(lookAgainAt);
  if (until > now) return { outcome: 'waiting', until };
  const last = failure ? 'the last try failed' : 'something was still in use';
  return { outcome: 'due', reason: `${place} is retired, ${last}` };
}

/** Returns every ARN that the record names in the place, the one in use last. */
export function arnsLeft({ arn, retired }: Pick<AcmImport, 'arn' | 'retired'>): readonly string[] {
  const earlier = retired.map((each) => each.arn);
  return [...new Set(arn === null ? earlier : [...earlier, arn])];
}

/** Returns the version of an import whose answer was lost, where the record still knows it. */
export function unheardVersion(
  { versions }: Pick<CertificateRecord, 'versions'>,
  entry: AcmImport,
): Version | null {
  const unheard = newImportOf(entry);
  return versions.find(({ id }) => id === unheard) ?? null;
}

function isDeployedTo({ deployments }: Pick<CertificateRecord, 'deployments'>, place: string) {
  return Object.values(deployments).some((each) => each.place === place);
}
