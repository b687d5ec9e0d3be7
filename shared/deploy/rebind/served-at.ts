import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Target } from '#shared/targets/target.ts';
import type { DeployContext, Look } from '../context.ts';
import { groupSize } from '../groups.ts';
import { servedNow } from '../probe/ask.ts';

/** By target key: the end of the certificate that its endpoint serves (ISO 8601), null where nothing answered. */
export type ServedEnds = ReadonlyMap<string, string | null>;

/** Asks the endpoints of targets whose change is refused, since the waits depend on what clients get meanwhile. */
export async function servedAt(run: DeployContext, looks: readonly Look[]): Promise<ServedEnds> {
  const ends = looks.map(async ({ target, view }) => {
    const { servedUntil } = await servedNow(run.probe, view.endpoint, run.version);
    return [target.key, servedUntil] as const;
  });
  return new Map(await Promise.all(ends));
}

/**
 * Does the same for targets that nobody has looked at, limited to a group of those that were never asked, as each costs a
 * call to Elastic Load Balancing. Targets that cannot be looked at are left out.
 */
export async function servedAtFirst(
  run: DeployContext,
  { deployments }: Pick<CertificateRecord, 'deployments'>,
  targets: readonly Target[],
): Promise<ServedEnds> {
  const isNew = ({ key }: Target) => deployments[key]?.servedUntil === undefined;
  const group = targets.filter(isNew).slice(0, groupSize);
  const views = await Promise.allSettled(group.map((target) => target.look()));
  const looks = group.flatMap((target, index): Look[] => {
    const view = views[index];
    return view?.status === 'fulfilled' ? [{ target, view: view.value }] : [];
  });
  return servedAt(run, looks);
}
