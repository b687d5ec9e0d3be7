import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import { AcmeProblem } from '#shared/issuers/acme/problem.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { type BudgetBook, s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { chargesOf, failureCharges } from '#shared/rate-limits/charges.ts';
import { countFailures, learn, takeForIssuance, takeForOrder } from '#shared/rate-limits/spend.ts';
import { costText } from '#shared/rate-limits/texts.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { type FakeObjectStore, fakeObjectStore } from '#test/support/fake-object-store.ts';

const issuerConfig: IssuerConfig = {
  type: 'acme',
  directory: 'https://ca.example/directory',
  termsOfServiceAgreed: true,
  contact: [],
  limits: {
    orders: { count: 3, perMs: 3 * hourMs },
    certificatesPerNames: { count: 5, perMs: 7 * dayMs },
    failuresPerName: { count: 2, perMs: hourMs },
  },
};
const issuer = { name: 'le', config: issuerConfig };
const names = { names: ['www.example.com'], domains: ['example.com'] };
const charges = chargesOf(names, issuer, 'new');
const firm = { insists: false };

let clock: VirtualClock;
let objects: FakeObjectStore;
let budgetBook: BudgetBook;
beforeEach(() => {
  clock = virtualClock();
  objects = fakeObjectStore();
  budgetBook = s3BudgetBook(objects, clock);
});

const ports = () => ({ budgetBook, clock, issuerConfig });
const costs = async () => {
  const buckets = await budgetBook.read(issuerConfig.directory);
  return charges.map((charge) => costText(charge, buckets, clock.now()));
};

test('an order is taken from the account, and a certificate from its names', async () => {
  await takeForOrder(ports(), charges, firm);
  expect(await costs()).toEqual([
    '1 of 3 orders (2 left, one more every 60 minutes)',
    '1 of 5 certificates for exactly these names (5 left, one more every 34 hours)',
    '1 of 2 failed validations of www.example.com (2 left, one more every 30 minutes)',
  ]);
  await takeForIssuance(ports(), charges);
  expect((await costs())[1]).toContain('(4 left');
});

test('an order that would be refused is not sent, and waits for its time', async () => {
  for (let taken = 0; taken < 3; taken += 1) await takeForOrder(ports(), charges, firm);
  const error = await takeForOrder(ports(), charges, firm).catch((thrown) => thrown);
  expect(error).toMatchObject({ name: 'BudgetSpent', retryable: true });
  expect(error.message).toContain('3 orders in 3 hours are used up');
  const waitMs = error.retryAt.getTime() - clock.now().getTime();
  expect(waitMs).toBeGreaterThanOrEqual(hourMs);
  expect(waitMs).toBeLessThan(hourMs + 60_000);
  clock.advance(waitMs);
  await takeForOrder(ports(), charges, firm);
});

test('a proof takes nothing that is kept back for those that cannot wait', async () => {
  const large = { ...issuerConfig, limits: { orders: { count: 20, perMs: hourMs } } };
  const orders = chargesOf(names, { name: 'le', config: large }, 'new');
  const atLarge = { ...ports(), issuerConfig: large };
  const proof = { insists: false, spares: true };
  for (let taken = 0; taken < 18; taken += 1) await takeForOrder(atLarge, orders, proof);
  await expect(takeForOrder(atLarge, orders, proof)).rejects.toMatchObject({ name: 'BudgetSpent' });
  await takeForOrder(atLarge, orders, firm);
  await takeForOrder(atLarge, orders, firm);
  await expect(takeForOrder(atLarge, orders, firm)).rejects.toMatchObject({ name: 'BudgetSpent' });
});

test('a proof leaves the last of a small limit', async () => {
  const proof = { insists: false, spares: true };
  await takeForOrder(ports(), charges, proof);
  await takeForOrder(ports(), charges, proof);
  await expect(takeForOrder(ports(), charges, proof)).rejects.toMatchObject({
    name: 'BudgetSpent',
  });
  await takeForOrder(ports(), charges, firm);
});

test('an override is counted all the same', async () => {
  for (let taken = 0; taken < 4; taken += 1) {
    await takeForOrder(ports(), charges, { insists: true });
  }
  const error = await takeForOrder(ports(), charges, firm).catch((thrown) => thrown);
  expect(error.retryAt.getTime() - clock.now().getTime()).toBeGreaterThan(2 * hourMs);
});

test('names whose validation keeps failing are not tried until the CA would', async () => {
  await countFailures(ports(), ['www.example.com'], 'le');
  await takeForOrder(ports(), charges, firm);
  await countFailures(ports(), ['www.example.com'], 'le');
  await expect(takeForOrder(ports(), charges, firm)).rejects.toMatchObject({
    name: 'BudgetSpent',
    message: expect.stringContaining('2 failed validations of www.example.com in 60 minutes'),
  });
});

test('a success forgets what failed in a row', async () => {
  const config = { ...issuerConfig, directory: 'https://acme-v02.api.letsencrypt.org/directory' };
  const known = { name: 'le', config };
  const ofLetsEncrypt = { ...ports(), issuerConfig: config };
  await countFailures(ofLetsEncrypt, ['www.example.com'], 'le');
  const inARow = failureCharges(names.names, known).find(({ kind }) => kind === 'failuresInARow');
  const bucket = async () => (await budgetBook.read(config.directory))[inARow?.key ?? ''];
  expect(await bucket()).toBeGreaterThan(0);
  await takeForIssuance(ofLetsEncrypt, chargesOf(names, known, 'renewal'));
  expect(await bucket()).toBeUndefined();
});

function refused(detail: string, retryAt: Date | null) {
  const problem = new AcmeProblem({
    type: 'rateLimited',
    status: 429,
    detail,
    subproblems: [],
    retryAfter: retryAt,
    url: 'https://ca.example/new-order',
    link: null,
  });
  return new CertkeepError('IssuerRateLimited', detail, { cause: problem, retryAt });
}

test.each([
  ['too many new orders (300) from this account in the last 3h0m0s', 0],
  [
    'too many certificates (5) already issued for this exact set of identifiers in the last 168h0m0s',
    1,
  ],
  ['too many failed authorizations (5) for "www.example.com" in the last 1h0m0s', 2],
])('"%s" is learned, and lasts as long as the CA says', async (detail, at) => {
  const retryAt = addMs(clock.now(), 34 * hourMs);
  await learn(ports(), charges, refused(`${detail}, retry after …`, retryAt));
  const buckets = await budgetBook.read(issuerConfig.directory);
  expect(Object.keys(buckets)).toEqual([charges[at]?.key]);
  const error = await takeForOrder(ports(), charges, firm).catch((thrown) => thrown);
  expect(error.retryAt.getTime()).toBeGreaterThanOrEqual(retryAt.getTime());
  expect(error.retryAt.getTime()).toBeLessThan(retryAt.getTime() + 60_000);
});

test.each([
  ['a limit of something else', 'too many failed authorizations (5) for "evil.example.org"'],
  ['words that nobody knows', 'slow down'],
])('%s changes nothing', async (_, detail) => {
  await learn(ports(), charges, refused(detail, addMs(clock.now(), hourMs)));
  expect(await budgetBook.read(issuerConfig.directory)).toEqual({});
});

test('runs side by side take one after the other', async () => {
  const results = await Promise.allSettled(
    Array.from({ length: 6 }, () => takeForOrder(ports(), charges, firm)),
  );
  expect(results.filter(({ status }) => status === 'fulfilled')).toHaveLength(3);
});

test('a bucket that is full again is not kept, and an object that is no book is begun anew', async () => {
  const otherAccount = { ...issuerConfig, externalAccountBinding: { secret: 'ca/other' } };
  const ordersOf = (config: IssuerConfig) => `orders:${accountKeyName(config)}`;
  await takeForOrder(ports(), charges, firm);
  clock.advance(8 * dayMs);
  await takeForOrder(
    ports(),
    chargesOf(names, { name: 'other', config: otherAccount }, 'new'),
    firm,
  );
  const [key = expect.unreachable()] = objects.objects.keys();
  const stored = JSON.parse(Buffer.from((await objects.get(key))?.body ?? '').toString());
  expect(Object.keys(stored.fullAt)).toEqual([ordersOf(otherAccount)]);
  await objects.put(key, 'not JSON', 'application/json');
  await takeForOrder(ports(), charges, firm);
  const read = await budgetBook.read(issuerConfig.directory);
  expect(Object.keys(read)).toEqual([ordersOf(issuerConfig)]);
});

test('a CA without limits costs no read', async () => {
  const unread = { ...ports(), budgetBook: { read: never, update: never } };
  await takeForOrder(unread, [], firm);
  await takeForIssuance(unread, []);
  await countFailures(
    { ...unread, issuerConfig: { ...issuerConfig, limits: {} } },
    names.names,
    'le',
  );
});

function never(): never {
  throw new Error('nobody asks');
}
