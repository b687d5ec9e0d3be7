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
  /** The approximate length of its run. */
  seconds: z.number(),
  /** True if its function was started directly, without the queue. */
  isStarted: z.boolean(),
});

const schema = ledgerObject({
  /** By the key of the work (`workKey`): the last time it was sent, as long as it is not known to be done. */
  sent: z.record(z.string(), entry),
  /** Replica regions that are behind. */
  regions: z.record(z.string(), regionStateSchema),
  /** By region: the last time sync was asked to compare its content with the records. Absent before the first time. */
  looks: z.optional(z.record(z.string(), instant)),
});

export type SentEntry = z.output<typeof entry>;
export type SentBook = z.output<typeof schema>;

export const emptySentBook: SentBook = { sent: {}, regions: {} };

/**
 * The work that check has sent and that no run is known to have looked at; only check writes it. It is a hint: if it is
 * lost, waiting work is sent once more.
 */
export function s3SentBook(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<SentBook> {
  return sharedObject(objects, {
    key: 'dispatch/sent.json',
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (book) => book,
    empty: emptySentBook,
    hasOneWriter: true,
  });
}
