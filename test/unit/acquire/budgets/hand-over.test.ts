import { describe, expect, test } from 'vitest';
import type { Limits } from '#shared/issuers/limits.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { afterOne } from '#shared/rate-limits/bucket.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, inDays, issuers, now, versionOf, wanted } from '#test/support/healthy.ts';

const limit = { count: 20, perMs: 20 * dayMs };
const limits = { certificatesPerDomain: limit } satisfies Limits;
const first = { ...issuers.local, limits } as IssuerConfig;
const second = { ...first, directory: 'https://other.example/directory' };

/** In service, of the first issuer. */
const endsIn = (days: number) =>
  healthy({
    versions: [
      versionOf({
        issuer: 'first',
        notBefore: inDays(days - 90).toISOString(),
        notAfter: inDays(days).toISOString(),
      }),
    ],
  });
const missing = healthy({ desired: null, versions: [] });

/** Check, where so many of the twenty are used up at the first of these issuers. */
async function checked(record: CertificateRecord, taken: number, names = ['first', 'second']) {
  const { budgetBook, holds, run, sent } = desk({
    issuers: { first, second },
    certificates: [wanted({ issuers: names })],
  });
  let bucket: number | undefined;
  for (let one = 0; one < taken; one += 1) bucket = afterOne(bucket, limit, now);
  await budgetBook.update(first.directory, () => ({ 'certificatesPerDomain:example.com': bucket }));
  await holds(record);
  const [line] = await run();
  return { sent: sent.length, action: line?.action };
}

const goes = { sent: 1, action: 'issue' };
const waits = { sent: 0, action: 'wait' };

describe('an order that would have to wait for its CA', () => {
  test.each([
    ['for less than half of what is left waits', endsIn(5), 21, waits],
    ['for longer is sent, for issue to hand it over', endsIn(5), 24, goes],
    ['for a first certificate is sent after an hour', missing, 21, goes],
  ])('%s', async (_, record, taken, expected) => {
    expect(await checked(record, taken)).toEqual(expected);
  });

  test('waits in any case where no other issuer is', async () => {
    expect(await checked(endsIn(5), 24, ['first'])).toEqual(waits);
  });

  test('takes nothing of what is kept back, and waits while only that is left', async () => {
    expect(await checked(missing, 19)).toEqual(waits);
  });
});

test('a limit frees in time', () => {
  expect(afterOne(undefined, limit, now)).toBe(addMs(now, dayMs).getTime());
});
