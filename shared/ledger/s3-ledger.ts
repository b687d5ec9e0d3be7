import { randomUUID } from 'node:crypto';
import type { ObjectStore } from '#shared/aws/object-store.ts';
import type { Clock } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError } from '#shared/errors.ts';
import { historyLimit } from './history.ts';
import type { Ledger } from './ledger.ts';
import { type CertificateRecord, emptyRecord } from './record.ts';
import { isId, readRecord, recordKey, recordPrefix } from './record-object.ts';

export type LedgerPorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf' | 'folders'>;
  readonly clock: Clock;
  /** Spreads the waits of rivals; 0 to 1. */
  readonly random?: () => number;
};

type Change = (record: CertificateRecord) => CertificateRecord;

/** Each defeat means that somebody else's write went through, so the rivals as a whole make progress. */
const maxTries = 10;
/** Waits double from here: at most 0.05 + 0.1 + … + 2 s = 9.2 s for all tries. */
const firstDelayMs = 50;
const longestDelayMs = 2_000;
const writeIdLimit = 16;

/** The records in S3, `certificates/<id>/record.json`, by compare-and-swap. */
export function s3Ledger(ports: LedgerPorts): Ledger {
  return {
    read: async (id) => (await load(ports, id))?.record ?? null,
    update: (id, change) => update(ports, id, change),
    async ids() {
      const folders = await ports.objects.folders(recordPrefix);
      return folders.filter(isId);
    },
  };
}

async function update(ports: LedgerPorts, id: string, change: Change): Promise<CertificateRecord> {
  // One id for all tries: whichever of them S3 took, even late, the change counts as made.
  const writeId = randomUUID();
  for (let tries = 0; tries < maxTries; tries += 1) {
    if (tries > 0) await pause(ports, tries);
    const loaded = await load(ports, id);
    if (loaded?.record.writeIds.includes(writeId)) return loaded.record;
    const before = loaded?.record ?? emptyRecord(id, ports.clock.now());
    const changed = change(before);
    if (changed === before) return before;
    const after = stamped(changed, writeId, ports.clock.now());
    const body = JSON.stringify(after);
    // What could not be read back must not replace what can.
    readRecord(id, body);
    const written = await ports.objects.putIf(recordKey(id), body, loaded?.etag ?? null);
    if (written.outcome === 'written') return after;
  }
  return afterLastDefeat(ports, id, writeId);
}

/** The last conflict may have been our own write, too: the SDK repeats a write whose answer was lost. */
async function afterLastDefeat(ports: LedgerPorts, id: string, writeId: string) {
  const record = (await load(ports, id))?.record;
  if (record?.writeIds.includes(writeId)) return record;
  throw new CertkeepError(
    'LedgerConflict',
    `${recordKey(id)}: others wrote first ${maxTries} times in a row`,
  );
}

async function load({ objects }: LedgerPorts, id: string) {
  const stored = await objects.get(recordKey(id));
  if (!stored) return null;
  return { record: readRecord(id, Buffer.from(stored.body).toString()), etag: stored.etag };
}

function stamped(record: CertificateRecord, writeId: string, now: Date): CertificateRecord {
  return {
    ...record,
    writeIds: [...record.writeIds, writeId].slice(-writeIdLimit),
    updatedAt: now.toISOString(),
    history: record.history.slice(-historyLimit),
  };
}

function pause({ clock, random = Math.random }: LedgerPorts, tries: number): Promise<void> {
  const longestMs = Math.min(firstDelayMs * 2 ** (tries - 1), longestDelayMs);
  return clock.sleep(Math.ceil(longestMs * (0.5 + random() / 2)), deadlineSignal());
}
