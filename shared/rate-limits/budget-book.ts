import { createHash } from 'node:crypto';
import * as z from 'zod/mini';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Bucket } from './bucket.ts';

/** The buckets of one CA by their keys. A missing bucket is full. */
export type Buckets = Readonly<Record<string, Bucket>>;

/** The used limits of each CA, by the URL of its directory. */
export type BudgetBook = {
  read(directory: string): Promise<Buckets>;
  /**
   * Where an answer is lost, a token may be taken twice; the bucket refills.
   * @throws CertkeepError LedgerConflict when other writers win every round
   */
  update(directory: string, change: (buckets: Buckets) => Buckets): Promise<Buckets>;
};

const schema = ledgerObject({ directory: z.string(), fullAt: z.record(z.string(), z.number()) });

/**
 * Stores `budgets/<CA>-<digest>.json`, beside the records; an earlier release used `budgets/<CA>.json`, which several CAs
 * could share. It drops full buckets, so that the file stays small.
 */
export function s3BudgetBook(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  clock: Pick<Clock, 'now'>,
): BudgetBook {
  const bookOf = (directory: string) =>
    sharedObject<Buckets>(objects, {
      key: `budgets/${readableName(directory)}-${digestOf(directory)}.json`,
      formerKey: `budgets/${readableName(directory)}.json`,
      parse(json) {
        const read = schema.safeParse(json).data;
        return read?.directory === directory ? read.fullAt : null;
      },
      toJson: (buckets, stored) => ({
        ...foreignFields(schema, schema.safeParse(stored).data),
        directory,
        fullAt: unfilled(buckets, clock.now()),
      }),
      empty: {},
    });
  return {
    read: (directory) => bookOf(directory).read(),
    update: (directory, change) => bookOf(directory).update(change),
  };
}

function unfilled(buckets: Buckets, now: Date): Buckets {
  return Object.fromEntries(
    Object.entries(buckets).filter(([, fullAt = 0]) => fullAt > now.getTime()),
  );
}

/** Two directories may have the same readable name: `/eu-west/directory` and `/eu/west/directory`. */
function digestOf(directory: string): string {
  return createHash('sha256').update(new URL(directory).href).digest('hex').slice(0, 12);
}

/** `https://acme-v02.api.letsencrypt.org/directory` is `acme-v02.api.letsencrypt.org-directory`. */
function readableName(directory: string): string {
  const { host, pathname } = new URL(directory);
  return `${host}${pathname}`.replaceAll(/[^a-z0-9.]+/gi, '-');
}
