import * as z from 'zod/mini';
import { regionStateSchema } from '#shared/finish/regions/regions.ts';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { urgencies } from './piece.ts';

const instant = z.iso.datetime();

const entry = ledgerObject({
  at: instant,
  urgency: z.enum(urgencies),
  /** About how long its run takes. */
  seconds: z.number(),
  /** Whether its function was started beside the queue. */
  isStarted: z.boolean(),
});

const schema = ledgerObject({
  /** By the key of the work (`workKey`): when it was sent last, for as long as it is not known to be done. */
  sent: z.record(z.string(), entry),
  /** Replica regions that are behind. */
  regions: z.record(z.string(), regionStateSchema),
  /** By region: when sync was last asked to compare what it holds with the records. Absent before it was. */
  looks: z.optional(z.record(z.string(), instant)),
});

export type SentEntry = z.output<typeof entry>;
export type SentBook = z.output<typeof schema>;

export const emptySentBook: SentBook = { sent: {}, regions: {} };

/**
 * What check has sent and nobody is known to have looked at: written by check alone. It is a hint. Where it is lost,
 * what waits is sent once more.
 */
export function s3SentBook(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<SentBook> {
  return sharedObject(objects, {
    key: 'dispatch/sent.json',
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (book) => book,
    empty: emptySentBook,
  });
}
