import * as z from 'zod/mini';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';

/** A person's request about an account at a CA. */
export type AccountWish = {
  readonly id: string;
  readonly kind: 'roll' | 'deactivate';
  readonly at: string;
  readonly reason: string;
  /** The caller as claimed: nobody has checked it. */
  readonly by: string | null;
  /** The thumbprint of the key that the CA knew then; null where it had no account. */
  readonly from: string | null;
  /** Null until it is done. */
  readonly doneAt: string | null;
};

/** Oldest first. */
export type AccountWishes = readonly AccountWish[];

/** More than these were long ago. */
const mostWishes = 20;

const instant = z.iso.datetime();
const schema = ledgerObject({
  wishes: z.array(
    z.object({
      id: z.string(),
      kind: z.enum(['roll', 'deactivate']),
      at: instant,
      reason: z.string(),
      by: z.nullable(z.string()),
      from: z.nullable(z.string()),
      doneAt: z.nullable(instant),
    }),
  ),
});

/** `issuers/accounts/<account>.json` */
export function s3AccountBook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  account: string,
): SharedObject<AccountWishes> {
  return sharedObject<AccountWishes>(objects, {
    key: `issuers/accounts/${account}.json`,
    parse: (json) => schema.safeParse(json).data?.wishes ?? null,
    toJson: (wishes, stored) => ({
      ...foreignFields(schema, schema.safeParse(stored).data),
      wishes,
    }),
    empty: [],
  });
}

/** A wish that is there already stays as it is. */
export function withWish(wishes: AccountWishes, wish: AccountWish): AccountWishes {
  if (wishes.some(({ id }) => id === wish.id)) return wishes;
  return [...wishes, wish].slice(-mostWishes);
}

export function withDone(wishes: AccountWishes, id: string, at: Date): AccountWishes {
  return wishes.map((each) =>
    each.id === id && each.doneAt === null ? { ...each, doneAt: at.toISOString() } : each,
  );
}
