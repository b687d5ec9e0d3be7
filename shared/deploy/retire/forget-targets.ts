import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { notConfigured } from '../deployment.ts';

/**
 * Forgets targets of a place that have left the configuration: each would keep the versions it once held, and the key store
 * keeps a label for each of those (twenty at most).
 */
export function forgetTargets(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key' | 'place'>[],
  place: string,
  now: Date,
): CertificateRecord {
  const configured = new Set(targets.map(({ key }) => key));
  // If the last target of a place is gone, no deploy would be requested there.
  if (!targets.some((target) => placeKey(target.place) === place)) return record;
  const here = Object.entries(record.deployments).filter(([, each]) => each.place === place);
  const left = here.map(([key]) => key).filter((key) => !configured.has(key));
  return left.length === 0 ? record : notConfigured(record, left, now);
}
