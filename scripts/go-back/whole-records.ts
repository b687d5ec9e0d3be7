import { inBatches, recordsAtOnce } from '#shared/each.ts';
import { isHeld } from '#shared/ledger/lease.ts';
import { wholeOf } from '#shared/ledger/parts/whole.ts';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { recordKey } from '#shared/ledger/record/record-object.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';

/** Without the part of issue everybody reads the whole record: dying in between, nothing is missing from it. */
const removed = ['issue', ...writers.filter((writer) => writer !== 'issue')] as const;

export type WholeRecordsPorts = {
  /** The bucket of the ledger. */
  readonly objects: Pick<ObjectStore, 'get' | 'put' | 'putIf' | 'remove' | 'folders' | 'page'>;
  readonly clock: Clock;
  readonly say: (line: string) => void;
};

/** `held` names the runs that are still at work; nothing was written in that case. */
export type WholeRecords = { readonly written: number } | { readonly held: readonly string[] };

/**
 * Joins the objects of all functions about a certificate into one, as earlier releases read it, and removes the
 * originals: that release then goes on where this one was. While a run holds a lease, nothing is done. It can be repeated.
 * @throws CertkeepError LedgerUnreadable where a record cannot be read; the records before it have been written by then
 */
export async function writeWholeRecords(ports: WholeRecordsPorts): Promise<WholeRecords> {
  const { clock, objects, say } = ports;
  const ledger = s3Ledger({ objects, clock, writer: 'check', isStrict: true });
  const listing = await ledger.list();
  const read = await inBatches([...listing.keys()], recordsAtOnce, (id) =>
    ledger.read(id, { listing }),
  );
  const records = read.filter((record) => record !== null);
  const held = records.flatMap(({ id, leases }) =>
    Object.entries(leases)
      .filter(([, lease]) => isHeld(lease, clock.now()))
      .map(([name, { until }]) => `${id}: ${name} until ${until}`),
  );
  if (held.length > 0) return { held };
  await inBatches(records, recordsAtOnce, async (record) => {
    const { id } = record;
    await objects.put(recordKey(id), JSON.stringify(wholeOf(record)), 'application/json');
    for (const writer of removed) await objects.remove(partKey(writer, id));
    say(`${id}: ${recordKey(id)}`);
  });
  return { written: records.length };
}
