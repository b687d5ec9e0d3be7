import * as z from 'zod/mini';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { type Breaker, closed } from './breaker.ts';

export type IssuerBook = {
  read(issuer: string): Promise<Breaker>;
  /**
   * A lost answer may count a fault twice.
   * @throws CertkeepError LedgerConflict after repeated defeat
   */
  update(issuer: string, change: (breaker: Breaker) => Breaker): Promise<Breaker>;
};

const instant = z.iso.datetime();
const schema = ledgerObject({
  /** Another CA under the same name begins anew. */
  directory: z.string(),
  faults: z.int(),
  trips: z.int(),
  openUntil: z.nullable(instant),
  probe: z.nullable(ledgerObject({ attempt: z.string(), until: instant })),
});

/** `issuers/<name>.json`, beside the records. */
export function s3IssuerBook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  directoryOf: (issuer: string) => string,
): IssuerBook {
  const bookOf = (issuer: string) =>
    sharedObject<Breaker>(objects, {
      key: `issuers/${issuer}.json`,
      parse(json) {
        const read = schema.safeParse(json).data;
        if (read?.directory !== directoryOf(issuer)) return null;
        const { directory: _directory, ...breaker } = read;
        return breaker;
      },
      toJson: (breaker, stored) => ({
        ...foreignFields(schema, schema.safeParse(stored).data),
        directory: directoryOf(issuer),
        ...breaker,
      }),
      empty: closed,
    });
  return {
    read: (issuer) => bookOf(issuer).read(),
    update: (issuer, change) => bookOf(issuer).update(change),
  };
}
