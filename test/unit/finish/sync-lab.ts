import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { type SyncRequest, sync } from '#shared/finish/sync/sync.ts';
import type { SecretReplica } from '#shared/keystores/key-store.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { now } from '#test/support/healthy.ts';
import { fleetOf, region } from './regions-lab.ts';

export const inSync: SecretReplica = { inSync: true, isLost: false, reason: null };
export const copying: SecretReplica = { inSync: false, isLost: false, reason: 'InProgress' };
export const lost: SecretReplica = { inSync: false, isLost: true, reason: 'Failed' };

export function issued(certificate: string): LedgerEvent {
  const about = { certificate, severity: 'info', summary: 'issued', details: {} } as const;
  return { id: `${certificate}-issued-v1`, type: 'issued', at: now.toISOString(), ...about };
}

/** Sync over the records it is given, a home and a replica store in memory, and secrets as the test says. */
export async function syncLab(records: readonly CertificateRecord[]) {
  const clock = virtualClock();
  const home = fakeObjectStore();
  const there = fakeObjectStore();
  const ledger = wholeLedger({ objects: home, clock });
  const own = s3Ledger({ objects: home, clock, writer: 'sync' });
  for (const record of records) {
    await ledger.update(record.id, () => record);
    const keys = publicPartKeys(record.id, 'v1');
    await home.put(keys.certificate, 'certificate', 'text/plain');
    await home.put(keys.chain, 'chain', 'text/plain');
  }
  const looked: string[] = [];
  const asked: string[] = [];
  const warned: string[] = [];
  const world = {
    secret: async (_certificate: string): Promise<SecretReplica> => inSync,
    replica: (_region: string): Pick<typeof there, 'get' | 'put' | 'page'> => there,
  };
  const ports = {
    config: fleetOf(records.length),
    ledger: own,
    home,
    replicaOf: (of: string) => world.replica(of),
    lookOf: (of: string) => s3RegionLook(home, of),
    async secretsIn(certificate: string) {
      looked.push(certificate);
      return world.secret(certificate);
    },
    queues: {
      async send(work: { readonly kind: string; readonly certificate: string }) {
        const { secretInSync } = (await record(work.certificate)).replicas[region] ?? {};
        asked.push(`${work.kind} ${work.certificate}, recorded: ${secretInSync}`);
      },
    },
    clock,
    log: {
      info: () => undefined,
      warn: (_: string, { outcome, region: of }: { outcome?: string; region?: unknown }) =>
        void warned.push(`${of} ${outcome}`),
      error: () => undefined,
    },
  };
  async function record(id: string) {
    return (await ledger.read(id)) as CertificateRecord;
  }
  return {
    clock,
    ledger,
    /** Sync's own. */
    own,
    home,
    there,
    lookOf: ports.lookOf,
    world,
    looked,
    asked,
    warned,
    record,
    run: (request: SyncRequest = [issued('c0')], replicas = [region]) =>
      sync({ ...ports, config: { ...ports.config, replicas } }, request),
  };
}
