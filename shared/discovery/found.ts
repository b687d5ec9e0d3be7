import * as z from 'zod/mini';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';

const instant = z.iso.datetime();

/** A tag has at most 256 characters, an ARN at most 2,048. */
const tagged = ledgerObject({
  arn: z.string().check(z.maxLength(2_048)),
  certificate: z.string().check(z.maxLength(256)),
  position: z.nullable(z.string().check(z.maxLength(256))),
});

const foundAt = ledgerObject({
  /** The end of the last look that succeeded; null where none has. */
  lookedAt: z.nullable(instant),
  /** False where there are more resources than are kept. */
  isWhole: z.boolean(),
  /** Why the looks since then have failed, and since when. */
  failure: z.nullable(
    ledgerObject({ error: z.string(), message: z.string(), since: instant, at: instant }),
  ),
  resources: z.array(tagged),
});

/** The tagged resources of a place, as verify has last seen them. */
export type FoundAt = Readonly<z.infer<typeof foundAt>>;

/** By place key. */
export type Finds = Readonly<Record<string, FoundAt>>;

export const nothingFound: FoundAt = {
  lookedAt: null,
  isWhole: true,
  failure: null,
  resources: [],
};

/** `listeners/found.json`: verify writes it, check reads it at every run where discovery is configured. */
export function s3Finds(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Finds> {
  return sharedObject<Finds>(objects, {
    key: 'listeners/found.json',
    parse: (json) => readableEntries(foundAt, json),
    toJson: (finds) => finds,
    empty: {},
  });
}
