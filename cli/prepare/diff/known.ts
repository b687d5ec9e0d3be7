import { inBatches, recordsAtOnce } from '#shared/each.ts';
import { errorMessage } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { readBooks } from '#shared/rate-limits/books.ts';
import { type Buckets, s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { systemClock } from '#shared/time/clock.ts';
import { noteText } from '../../failure.ts';
import { readRecord } from '../../record/read-record.ts';
import type { Terminal } from '../../terminal.ts';

type Ports = {
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly terminal: Pick<Terminal, 'complain'>;
};

/** More are not read: the others are taken to be as they are configured. */
const mostRead = 2_000;

/** Reads the records of certificates; what cannot be read is told, and left out. */
export async function readRecords(
  { objects, terminal }: Ports,
  ids: readonly string[],
): Promise<ReadonlyMap<string, CertificateRecord | null>> {
  const ports = { objects: readOnce(objects), clock: systemClock, terminal };
  const read = await inBatches(ids.slice(0, mostRead), recordsAtOnce, async (id) => {
    try {
      return [[id, await readRecord(ports, id)] as const];
    } catch (error) {
      const why = errorMessage(error);
      terminal.complain(noteText(`${id} is taken to be as it is configured: ${why}`));
      return [];
    }
  });
  if (ids.length > mostRead) {
    const rest = ids.length - mostRead;
    terminal.complain(noteText(`${rest} more certificates are taken to be as they are configured`));
  }
  return new Map(read.flat());
}

/** Reads what the limits of these CAs have left; what cannot be read counts as unused, and is told. */
export async function readLimits(
  { objects, terminal }: Ports,
  orders: Parameters<typeof readBooks>[1],
): Promise<ReadonlyMap<string, Buckets>> {
  const { get } = objects;
  const putIf = async () => {
    throw new Error('the command line writes nothing');
  };
  try {
    return await readBooks(s3BudgetBook({ get, putIf }, systemClock), orders);
  } catch (error) {
    const why = errorMessage(error);
    terminal.complain(noteText(`what the limits have left cannot be read: ${why}`));
    return new Map();
  }
}

/** All records ask for the proofs, which are one object. */
function readOnce({ get }: Pick<ObjectStore, 'get'>): Pick<ObjectStore, 'get'> {
  const shared = new Map<string, ReturnType<typeof get>>();
  return {
    get(key, most) {
      if (!key.startsWith('observations/')) return get(key, most);
      const known = shared.get(key) ?? get(key, most);
      shared.set(key, known);
      return known;
    },
  };
}
