import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { s3IssuerBook } from '#shared/acquire/failure/issuer-book.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { s3ImportLane } from '#shared/deploy/import/import-lane.ts';
import { proven, s3Proofs, withProof } from '#shared/deploy/rights-proof/proofs.ts';
import { s3RegionLook } from '#shared/finish/regions/region-look.ts';
import { s3BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { type FakeObjectStore, fakeObjectStore } from '#test/support/fake-object-store.ts';
import { foreignIn, ofNewerRelease } from '#test/support/foreign-fields.ts';
import { inDays, now } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

const at = now.toISOString();
const place = '123456789012/us-east-1';
const directory = 'https://ca.example/directory';
const clock = virtualClock();

type Change = (objects: FakeObjectStore) => Promise<unknown>;

const took =
  (by: number): Change =>
  (objects) =>
    s3BudgetBook(objects, clock).update(directory, (buckets) => ({
      ...buckets,
      orders: inDays(by).getTime(),
    }));
const failed =
  (faults: number): Change =>
  (objects) =>
    s3IssuerBook(objects, () => directory).update('local', (breaker) => ({ ...breaker, faults }));
const turn: Change = (objects) => s3ImportLane({ objects, clock, log: silentLog }, place).turn();
const asked =
  (day: number): Change =>
  (objects) =>
    s3SentBook(objects).update((book) => ({
      ...book,
      looks: { 'eu-west-1': inDays(day).toISOString() },
    }));
const proves =
  (digest: string): Change =>
  (objects) =>
    s3Proofs(objects).update((all) => withProof(all, place, () => proven(digest, now)));
const looks =
  (next: string): Change =>
  (objects) =>
    s3Rounds(objects).update((all) => ({
      ...all,
      [place]: { ...all[place], begunAt: at, next, seenAt: at },
    }));
const lists =
  (after: string): Change =>
  (objects) =>
    s3RegionLook(objects, 'eu-west-1').update((look) => ({ ...look, at, after }));

const objectsOfTheLedger: readonly (readonly [what: string, first: Change, second: Change])[] = [
  ['the limits of a CA', took(1), took(2)],
  ['the breaker of an issuer', failed(1), failed(2)],
  ['the lane of imports', turn, turn],
  ['what check has sent', asked(1), asked(2)],
  ['the proofs of rights', proves('one'), proves('other')],
  ['the rounds of listeners', looks('a'), looks('b')],
  ['the look at a region', lists('a'), lists('b')],
];

async function written(change: Change) {
  const objects = fakeObjectStore();
  await change(objects);
  const [[key, body] = expect.unreachable()] = objects.objects;
  return { objects, key, json: JSON.parse(body) };
}

test.each(objectsOfTheLedger)('%s: a field of a newer release stays', async (_, first, second) => {
  const { objects, key, json } = await written(first);
  // What has places for keys has no fields of its own.
  const isMap = place in json;
  const newer = isMap ? { [place]: ofNewerRelease(json[place]) } : ofNewerRelease(json);
  // Maps of times by key, and of entries.
  for (const map of ['fullAt', 'sent', 'regions', 'looks']) delete newer[map]?.ofNewer;
  const fields = foreignIn(newer);
  expect(fields.size).toBeGreaterThan(0);
  await objects.put(key, JSON.stringify(newer), 'application/json');
  await second(objects);
  const after = objects.objects.get(key) ?? '';
  expect(after).not.toBe(JSON.stringify(newer));
  expect(foreignIn(JSON.parse(after))).toEqual(fields);
});

test.each(objectsOfTheLedger)('%s: a raised schema is left alone', async (_, first, second) => {
  const { objects, key, json } = await written(first);
  const body = JSON.stringify({ schemaVersion: 2, ...json });
  await objects.put(key, body, 'application/json');
  // A put-back does not wait for the lane.
  if (second !== turn) {
    await expect(second(objects)).rejects.toMatchObject({ name: 'WrittenByNewerRelease' });
  } else await second(objects);
  expect(objects.objects.get(key)).toBe(body);
});

test('an entry of one place that cannot be read takes no other place with it', async () => {
  const objects = fakeObjectStore();
  await proves('one')(objects);
  const [[key, body] = expect.unreachable()] = objects.objects;
  const other = { ...JSON.parse(body), '123456789012/eu-west-1': { provenAt: 7 } };
  await objects.put(key, JSON.stringify(other), 'application/json');
  expect(await s3Proofs(objects).read()).toEqual(JSON.parse(body));
});
