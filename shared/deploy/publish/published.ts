import type { AcmImport, CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { parsePlaceKey } from '#shared/place.ts';

/**
 * Returns the ARN that has yet to be published in a place; null where there is none. It follows the wanted state of the
 * targets: the ARN in use once one of them is bound to it, and an earlier one of ours when all were put back. Somebody
 * else's earlier certificate is never published as ours. An ARN of IAM is good for one version, and for nobody else.
 */
export function arnToPublish(
  record: Pick<CertificateRecord, 'imports' | 'deployments'>,
  place: string,
  targets: readonly { readonly key: string }[],
): string | null {
  const entry = record.imports[place];
  if (!entry || !isPublishing(place)) return null;
  const held = targets.map(({ key }) => arnOf(record.deployments[key]));
  const arn = oursAmong(held, entry);
  return arn === entry.publishedArn ? null : arn;
}

/** The parameter of an account and region belongs to ACM there. */
export function isPublishing(place: string): boolean {
  return !parsePlaceKey(place).store;
}

/** Says whether the place's parameter may hold the ARN: as recorded, or because a run died before it was recorded. */
export function mayBePublished(
  record: Pick<CertificateRecord, 'imports' | 'deployments'>,
  place: string,
  arn: string,
): boolean {
  if (!isPublishing(place)) return false;
  const publishedArn = record.imports[place]?.publishedArn ?? null;
  if (publishedArn === null || publishedArn === arn) return true;
  const here = Object.entries(record.deployments).filter(([, each]) => each.place === place);
  const targets = here.map(([key]) => ({ key }));
  return arnToPublish(record, place, targets) === arn;
}

/** Null where a change is not confirmed, was refused, or left nothing behind. */
function arnOf(deployment: Deployment | undefined): string | null {
  switch (deployment?.state) {
    case 'rolled-back':
      return deployment.previous?.arn ?? null;
    case 'awaiting-proof':
      return deployment.nextProbeAt && deployment.arn;
    case 'proven':
    case 'unknown':
    case 'contradicted':
      return deployment.arn;
    default:
      return null;
  }
}

function oursAmong(
  held: readonly (string | null)[],
  { arn: inUse, retired }: AcmImport,
): string | null {
  if (held.includes(inUse)) return inUse;
  const earlier = retired.map(({ arn }) => arn);
  return held.find((arn) => arn !== null && earlier.includes(arn)) ?? null;
}
