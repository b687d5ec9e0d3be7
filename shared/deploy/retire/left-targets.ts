import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';

/**
 * Forgets targets of a place that have left the configuration: each would keep the versions it once held,
 * and the key store keeps a label for each of those (twenty at most).
 */
export function withoutLeftTargets(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key' | 'place'>[],
  place: string,
  now: Date,
): CertificateRecord {
  const configured = new Set(targets.map(({ key }) => key));
  // The last target of a place leaves nothing that a deploy there would be asked for.
  if (!targets.some((target) => placeKey(target.place) === place)) return record;
  const all = Object.entries(record.deployments);
  const kept = all.filter(([key, each]) => each.place !== place || configured.has(key));
  if (kept.length === all.length) return record;
  const left = all.filter((entry) => !kept.includes(entry)).map(([key]) => key);
  return withHistory(
    { ...record, deployments: Object.fromEntries(kept) },
    {
      at: now.toISOString(),
      stage: 'rebind',
      what: `no longer deployed to ${left.join(', ')}`,
      why: 'not in the configuration any more',
    },
  );
}
