import type { Clock } from '#shared/time/clock.ts';
import { foreignFields } from './ledger-object.ts';
import { withHistory } from './record/history.ts';
import { type CertificateRecord, type Replica, replicaSchema } from './record/record.ts';

/** The observed state of a version in a region: complete, or the reason why not. */
export type ReplicaSeen = {
  readonly inSync: boolean;
  readonly reason: string | null;
  /** ETags of the copies, in the order of `copyKeys`; only where the version is complete. */
  readonly etags?: readonly string[];
};

/** Says whether sync has found the desired version behind in one of these regions. */
export function lacksReplica(record: CertificateRecord, regions: readonly string[]): boolean {
  return regions.some((region) => knownReplica(record, region)?.secretInSync === false);
}

/** Says whether a replica region does not yet hold the desired version. */
export function replicaIsBehind(record: CertificateRecord, region: string): boolean {
  return record.desired !== null && !knownReplica(record, region)?.secretInSync;
}

/** Returns sync's entry about the desired version there; null while it has not looked. */
export function knownReplica(
  { desired, replicas }: Pick<CertificateRecord, 'desired' | 'replicas'>,
  region: string,
): Replica | null {
  const replica = replicas[region];
  return replica && replica.versionId === desired ? replica : null;
}

/** An observation of a version that is no longer desired says nothing about the newer one. */
export function withReplica(
  record: CertificateRecord,
  seen: ReplicaSeen & { readonly region: string; readonly versionId: string },
  clock: Clock,
): CertificateRecord {
  const { inSync, reason, region, versionId, etags } = seen;
  if (record.desired !== versionId) return record;
  const known = knownReplica(record, region);
  const isAsKnown = known?.secretInSync === inSync;
  if (isAsKnown && known.reason === reason && isSameList(known.etags, etags)) return record;
  const at = clock.now().toISOString();
  const syncedAt = isAsKnown ? known.syncedAt : at;
  const objects = etags && { etags: [...etags] };
  const kept = foreignFields(replicaSchema, known);
  const replica = { ...kept, versionId, syncedAt, secretInSync: inSync, reason, ...objects };
  const changed = { ...record, replicas: { ...record.replicas, [region]: replica } };
  if (isAsKnown) return changed;
  const what = inSync ? `${region} holds version ${versionId}` : `${region} is behind`;
  return withHistory(changed, { at, stage: 'sync', what, why: reason });
}

/** Changes nothing if the record has changed since the copies were found gone. */
export function withCopiesGone(
  record: CertificateRecord,
  seen: Replica,
  { region, reason }: { readonly region: string; readonly reason: string },
  clock: Clock,
): CertificateRecord {
  const known = knownReplica(record, region);
  const isAsSeen = known?.syncedAt === seen.syncedAt && isSameList(known.etags, seen.etags);
  if (!known?.secretInSync || !isAsSeen) return record;
  const { versionId } = known;
  return withReplica(record, { region, versionId, inSync: false, reason }, clock);
}

function isSameList(one: readonly string[] = [], other: readonly string[] = []): boolean {
  return one.length === other.length && one.every((each, index) => each === other[index]);
}
