import * as z from 'zod/mini';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';

const schema = z.object({
  /** The digest of the configuration under which the probes are known. */
  config: z._default(z.string(), ''),
  /** By certificate: the digest of the ETags of its record, and when its first endpoint is to be asked. */
  probes: z._default(z.record(z.string(), z.string()), {}),
  /** When this object was begun: proofs from before may have been lost with an earlier one. ISO 8601. */
  since: z._default(z.nullable(z.iso.datetime()), null),
  /** By certificate: the proofs that changed nothing in its record (later-proofs.ts). */
  proofs: z._default(z.record(z.string(), z.string()), {}),
});

/**
 * What verify has seen and no record holds: the proofs that changed nothing, and what the last sweep knows of the records. It
 * may be wrong: it can delay a look at an endpoint by a day, and nothing else follows from it. Lost, it is made anew by
 * looking again.
 */
export type VerifyBook = Readonly<z.output<typeof schema>>;

const nothingSeen: VerifyBook = { config: '', probes: {}, since: null, proofs: {} };

/** `observations/verify.json`: verify alone writes it, check reads it. */
export function s3VerifyBook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
): SharedObject<VerifyBook> {
  return sharedObject<VerifyBook>(objects, {
    key: 'observations/verify.json',
    parse: (json) => schema.safeParse(json).data ?? null,
    toJson: (book) => book,
    empty: nothingSeen,
    most: mostBytes.state,
  });
}
