import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { SecretReplica } from '#shared/keystores/key-store.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { wholeOf } from '#shared/ledger/parts/whole.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { type ReplicaSeen, withReplica } from '#shared/ledger/replica.ts';
import { sha256 } from '#shared/ledger/version-objects.ts';
import type { Log } from '#shared/log.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { copyKeys } from './copy-keys.ts';

export type LookPorts = {
  readonly ledger: Pick<Ledger, 'read' | 'update'>;
  readonly home: Pick<ObjectStore, 'get'>;
  readonly replicaOf: (region: string) => Pick<ObjectStore, 'get' | 'put'>;
  /** Returns the state of a version's secrets: its own, and those of the accounts of its certificate's issuers. */
  readonly secretsIn: (
    certificate: string,
    versionId: string,
    region: string,
  ) => Promise<SecretReplica>;
  readonly clock: Clock;
  readonly log: Log;
};

export type Looked = {
  readonly versionId: string;
  readonly inSync: boolean;
  /** True if it will not come by itself: the store has to be asked for it. */
  readonly isLost: boolean;
};

/**
 * Copies the public parts of the desired version, and the record, to a region, reads them back, and checks that the secrets
 * there carry the same version. The record notes whether it is behind, with the reason; null where nothing is stored.
 * @throws what keeps the ledger from being read or written
 */
export async function lookAtReplica(
  ports: LookPorts,
  id: string,
  region: string,
): Promise<Looked | null> {
  const record = await ports.ledger.read(id);
  const version = record && desiredVersion(record);
  if (!version) return null;
  const place = { region, versionId: version.id };
  const [certificate, chain, copyOfRecord] = copyKeys(id, version.id);
  const etags: string[] = [];
  const secrets = await inWords(ports, id, region, async () => {
    etags.push(await copy(ports, region, certificate), await copy(ports, region, chain));
    return ports.secretsIn(id, version.id, region);
  });
  // The copied record says what the record is going to say: a run that dies in between leaves work for the next one.
  const seen = await inWords(ports, id, region, async () => {
    if (!secrets.isCopied) return secrets;
    const copied = withReplica(record, { ...place, ...secrets }, ports.clock);
    etags.push(
      await write(ports, region, copyOfRecord, Buffer.from(JSON.stringify(wholeOf(copied)))),
    );
    return secrets;
  });
  await ports.ledger.update(id, (now) =>
    withReplica(now, { ...place, ...seen, ...(seen.inSync && { etags }) }, ports.clock),
  );
  const desired = (await ports.ledger.read(id))?.desired;
  // The copied record may have overwritten that of a newer version.
  if (desired !== version.id) return lookAtReplica(ports, id, region);
  if (seen.inSync) {
    ports.log.info('replica written', {
      stage: 'sync',
      certificate: id,
      outcome: 'in-sync',
      region,
    });
  }
  return { versionId: version.id, inSync: seen.inSync, isLost: secrets.isLost };
}

type Seen = ReplicaSeen & { readonly isLost: boolean; readonly isCopied: boolean };

/** A failure to write or read there is a fact about the region. The log has the details, by certificate. */
async function inWords(
  { log }: LookPorts,
  certificate: string,
  region: string,
  look: () => Promise<SecretReplica>,
): Promise<Seen> {
  try {
    return { isCopied: true, ...(await look()) };
  } catch (error) {
    const [outcome, reason] = [errorName(error), errorMessage(error)];
    log.warn('replica not written', { stage: 'sync', certificate, outcome, reason, region });
    const cause = `the copies cannot be written: ${outcome}`;
    return { inSync: false, isLost: false, isCopied: false, reason: cause };
  }
}

async function copy(ports: LookPorts, region: string, key: string): Promise<string> {
  const source = await ports.home.get(key);
  if (!source) throw new CertkeepError('ReplicaDiffers', `${key} is missing in the home region`);
  return write(ports, region, key, source.body);
}

/** Reads the written object back, and returns its ETag. */
async function write(
  { replicaOf }: LookPorts,
  region: string,
  key: string,
  body: Uint8Array,
): Promise<string> {
  const replica = replicaOf(region);
  const digest = sha256(body);
  const held = await replica.get(key, mostBytes.record);
  if (held && sha256(held.body) === digest) return held.etag;
  await replica.put(key, body, contentType(key));
  const written = await replica.get(key, mostBytes.record);
  if (written && sha256(written.body) === digest) return written.etag;
  throw new CertkeepError(
    'ReplicaDiffers',
    `${key} in ${region}: SHA-256 ${written && sha256(written.body)}, not ${digest}`,
  );
}

function contentType(key: string): string {
  return key.endsWith('.json') ? 'application/json' : 'application/x-pem-file';
}
