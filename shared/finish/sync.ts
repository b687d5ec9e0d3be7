import { publicPartKeys, sha256 } from '#shared/acquire/store.ts';
import type { ObjectStore } from '#shared/aws/object-store.ts';
import { addMs, type Clock, secondMs } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { KeyReplication, ReplicaSeen } from '#shared/keystores/key-store.ts';
import { withHistory } from '#shared/ledger/history.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import { recordKey } from '#shared/ledger/record-object.ts';
import type { Log } from '#shared/log.ts';
import type { WorkQueues } from '#shared/work.ts';

export type SyncPorts = {
  readonly config: Config;
  readonly ledger: Ledger;
  readonly home: Pick<ObjectStore, 'get'>;
  readonly replicaOf: (region: string) => Pick<ObjectStore, 'get' | 'put'>;
  readonly keyReplication: KeyReplication;
  readonly queues: WorkQueues;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
};

/**
 * Copies what is public of the desired version, and the record, to every replica region, reads it back,
 * and checks that the replica secret carries the same version. Never decrypts, never undoes a renewal: where
 * the secret has no replica, or one that failed, issue is asked to see to it.
 * @throws CertkeepError ReplicaDiffers, ReplicaSecretBehind (after every region was tried)
 */
export async function sync(ports: SyncPorts, id: string, waitUntil: Date): Promise<void> {
  const failures: unknown[] = [];
  for (const region of ports.config.replicas) {
    try {
      await syncRegion(ports, id, region, waitUntil);
    } catch (error) {
      failures.push(error);
      ports.log.warn('replica not written', {
        stage: 'sync',
        certificate: id,
        outcome: errorName(error),
        reason: errorMessage(error),
        region,
      });
    }
  }
  if (failures.length > 1) throw new AggregateError(failures, `${id}: several replicas are behind`);
  if (failures.length === 1) throw failures[0];
}

/** Whether sync has found the secret of the desired version behind in one of these regions. */
export function lacksReplica(record: CertificateRecord, regions: readonly string[]): boolean {
  return regions.some((region) => {
    const replica = record.replicas[region];
    return replica?.versionId === record.desired && replica?.secretInSync === false;
  });
}

/** Whether a replica region does not yet hold the desired version. */
export function replicaIsBehind(record: CertificateRecord, region: string): boolean {
  const replica = record.replicas[region];
  return (
    record.desired !== null && (replica?.versionId !== record.desired || !replica.secretInSync)
  );
}

async function syncRegion(
  ports: SyncPorts,
  id: string,
  region: string,
  waitUntil: Date,
): Promise<void> {
  const record = await ports.ledger.read(id);
  const version = record && desiredVersion(record);
  if (!version) return;
  const keys = publicPartKeys(id, version.id);
  await copy(ports, region, keys.certificate);
  await copy(ports, region, keys.chain);
  const secret = await secretInSync(ports, id, version.id, region, waitUntil);
  const { desired } = await ports.ledger.update(id, (current) =>
    synced(current, region, version.id, secret.inSync, ports.clock),
  );
  // A newer version meanwhile: its own event brings it here.
  if (desired !== version.id) return;
  await copy(ports, region, recordKey(id));
  ports.log.info('replica written', {
    stage: 'sync',
    certificate: id,
    outcome: secret.inSync ? 'in-sync' : 'secret-behind',
    region,
  });
  if (!secret.inSync) {
    throw new CertkeepError('ReplicaSecretBehind', `${id} in ${region}: ${secret.detail}`);
  }
}

async function copy(ports: SyncPorts, region: string, key: string): Promise<void> {
  const source = await ports.home.get(key);
  if (!source) throw new CertkeepError('ReplicaDiffers', `${key} is missing in the home region`);
  const replica = ports.replicaOf(region);
  const digest = sha256(source.body);
  if ((await digestOf(replica, key)) === digest) return;
  await replica.put(key, source.body, contentType(key));
  const written = await digestOf(replica, key);
  if (written !== digest) {
    throw new CertkeepError(
      'ReplicaDiffers',
      `${key} in ${region}: SHA-256 ${written}, not ${digest}`,
    );
  }
}

async function digestOf(store: Pick<ObjectStore, 'get'>, key: string): Promise<string | null> {
  const found = await store.get(key);
  return found ? sha256(found.body) : null;
}

function contentType(key: string): string {
  return key.endsWith('.json') ? 'application/json' : 'application/x-pem-file';
}

async function secretInSync(
  ports: SyncPorts,
  id: string,
  versionId: string,
  region: string,
  waitUntil: Date,
): Promise<ReplicaSeen> {
  const { clock, keyReplication, pollMs } = ports;
  let isAsked = false;
  for (;;) {
    const seen = await keyReplication.isInSync(id, versionId, region);
    if (seen.isLost && !isAsked) await askForReplica(ports, id, versionId, region);
    isAsked ||= seen.isLost;
    if (seen.inSync || addMs(clock.now(), pollMs) > waitUntil) return seen;
    await clock.sleep(Math.max(pollMs, secondMs), deadlineSignal());
  }
}

/** What the record says is what issue goes by. */
async function askForReplica(
  { clock, ledger, queues }: SyncPorts,
  id: string,
  versionId: string,
  region: string,
): Promise<void> {
  await ledger.update(id, (current) => synced(current, region, versionId, false, clock));
  await queues.send({ kind: 'issue', certificate: id }, `${versionId} in ${region}`);
}

function synced(
  record: CertificateRecord,
  region: string,
  versionId: string,
  secretIsInSync: boolean,
  clock: Clock,
): CertificateRecord {
  if (record.desired !== versionId) return record;
  const known = record.replicas[region];
  if (known?.versionId === versionId && known.secretInSync === secretIsInSync) return record;
  const at = clock.now().toISOString();
  const replica = { versionId, syncedAt: at, secretInSync: secretIsInSync };
  return withHistory(
    { ...record, replicas: { ...record.replicas, [region]: replica } },
    { at, stage: 'sync', what: `${region} holds version ${versionId}`, why: null },
  );
}
