import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import type { Acquisition } from '#shared/acquire/acquisition.ts';
import { orderWithin } from '#shared/acquire/order/order.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { readProblem, refusal } from '#shared/issuers/acme/problem.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { hourMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import {
  attemptOf,
  healthy,
  inDays,
  issuers,
  now,
  versionOf,
  wanted,
} from '#test/support/healthy.ts';

const directory = 'https://ca.example/directory';
const account = 'https://ca.example/acct/1';
const advised = versionOf({
  renewalId: 'AAAA.AAAA',
  origin: { directory, account, profile: null, staging: false },
});
const window = {
  start: inDays(-1).toISOString(),
  end: inDays(1).toISOString(),
  selected: now.toISOString(),
  learnedAt: now.toISOString(),
};

test('a limit that is hit by what should have been spared is learned, for the others', async () => {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledger = s3Ledger({ objects, clock, writer: 'issue' });
  const budgetBook = s3BudgetBook(objects, clock);
  const renewalInfo = {
    versionId: 'v1',
    window,
    explanationUrl: null,
    nextCheckAt: window.end,
    failures: 0,
    failure: null,
  };
  await wholeLedger({ objects, clock }).update('shop', () =>
    healthy({ versions: [advised], renewalInfo }),
  );
  const mine = heldRecord((change) => ledger.update('shop', change));
  const body = {
    type: 'urn:ietf:params:acme:error:rateLimited',
    detail: 'too many new orders (20) from this account in the last 2h0m0s',
  };
  const limited = { status: 429, headers: { 'retry-after': '3600' }, data: body };
  const acquisition = {
    certificate: wanted(),
    clock,
    mine,
    budgetBook,
    issuerConfig: {
      ...issuers.local,
      limits: { orders: { count: 20, perMs: 2 * hourMs }, sparesRenewals: true },
    } as IssuerConfig,
    issuer: {
      about: async () => ({ accountUrl: account, keyThumbprint: '' }),
      newOrder: async () => {
        throw refusal(readProblem(limited, directory, now), now);
      },
    },
  } as unknown as Acquisition;
  await expect(orderWithin(acquisition, attemptOf())).rejects.toThrow('too many new orders');
  expect(Object.keys(await budgetBook.read(directory))).toEqual([
    `orders:${accountKeyName({ directory })}`,
  ]);
});
