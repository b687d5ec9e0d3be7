import * as z from 'zod/mini';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';

const schema = z.object({
  /** The digest of the configuration under which it is known. */
  config: z.string(),
  /** By certificate: the digest of the ETags of its record, and when its first endpoint is to be asked. */
  probes: z.record(z.string(), z.string()),
});

/**
 * What the last sweep saw of the records, so that the next one reads only those that have changed. It may be wrong: an
 * endpoint is asked only by its record, and a record is read again whose time is further away than proofs are.
 */
export type SweepBook = Readonly<z.output<typeof schema>>;

const nothingSwept: SweepBook = { config: '', probes: {} };

/** `observations/verify.json`: verify alone writes it. Lost, it is made anew. */
export function s3SweepBook(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<SweepBook> {
  return sharedObject<SweepBook>(objects, {
    key: 'observations/verify.json',
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (book) => book,
    empty: nothingSwept,
  });
}
