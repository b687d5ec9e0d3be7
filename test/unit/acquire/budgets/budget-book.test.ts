import fc from 'fast-check';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { inDays } from '#test/support/healthy.ts';

const tomorrow = inDays(1).getTime();
const letsEncrypt = 'https://acme-v02.api.letsencrypt.org/directory';

function stage() {
  const objects = fakeObjectStore();
  const book = s3BudgetBook(objects, virtualClock());
  const take = (directory: string, key: string) =>
    book.update(directory, (buckets) => ({ ...buckets, [key]: tomorrow }));
  return { objects, book, take };
}

const part = fc.constantFrom('eu', 'west', 'eu-west', 'EU', '%20', 'directory', 'a.b', 'é');
const directory = fc
  .tuple(
    fc.constantFrom('ca.example', 'ca.example:8443', 'ca-example'),
    fc.array(part),
    fc.boolean(),
  )
  .map(([host, parts, asks]) => `https://${host}/${parts.join('/')}${asks ? '?tenant=1' : ''}`);

test.each([
  ['https://ca.example/acme/eu-west/directory', 'https://ca.example/acme/eu/west/directory'],
  ['https://ca.example/directory', 'https://ca.example/directory?tenant=2'],
])('two CAs on one host have separate counts: %s and %s', async (one, other) => {
  const { book, take } = stage();
  await take(one, 'orders');
  await take(other, 'failures');
  expect(await book.read(one)).toEqual({ orders: tomorrow });
  expect(await book.read(other)).toEqual({ failures: tomorrow });
});

test('no two directories share an object', async () => {
  await fc.assert(
    fc.asyncProperty(directory, directory, async (one, other) => {
      const { objects, take } = stage();
      await take(one, 'orders');
      await take(other, 'orders');
      expect(objects.objects.size).toBe(new URL(one).href === new URL(other).href ? 1 : 2);
    }),
  );
});

test('the counts of an earlier release are kept', async () => {
  const { book, objects, take } = stage();
  const former = 'budgets/acme-v02.api.letsencrypt.org-directory.json';
  const counted = { directory: letsEncrypt, fullAt: { orders: tomorrow } };
  await objects.put(former, JSON.stringify(counted), 'application/json');
  expect(await book.read(letsEncrypt)).toEqual({ orders: tomorrow });
  await take(letsEncrypt, 'failures');
  expect(await book.read(letsEncrypt)).toEqual({ orders: tomorrow, failures: tomorrow });
  // The earlier release may come back.
  expect(objects.objects.get(former)).toBe(JSON.stringify(counted));
});

test('a former object that another CA wrote last is ignored', async () => {
  const { book, objects } = stage();
  const counted = { directory: 'https://ca.example/eu-west', fullAt: { orders: tomorrow } };
  await objects.put('budgets/ca.example-eu-west.json', JSON.stringify(counted), 'text/plain');
  expect(await book.read('https://ca.example/eu/west')).toEqual({});
  expect(await book.read('https://ca.example/eu-west')).toEqual({ orders: tomorrow });
});
