import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { digestOfConfig } from '#shared/config/digest.ts';
import { sweep } from '#shared/deploy/verify/sweep.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Reading } from '#shared/ledger/ledger.ts';
import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import type { CertificateWork } from '#shared/queues/work.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configWith, healthy, inDays, now, wanted } from '#test/support/healthy.ts';

const listener =
  'arn:aws:elasticloadbalancing:us-east-1:123456789012:listener/app/shop/50dc6c495c0c9188/';
const certificates = ['a1', 'b2', 'c3'].map((id) =>
  wanted({ id, targets: [{ type: 'alb', listener: `${listener}${id}`, certificate: 'default' }] }),
);
const config = configWith({ certificates });
let sent: CertificateWork[];
let isEmpty: boolean;

beforeEach(() => {
  sent = [];
  isEmpty = true;
});

function recordDue(id: string, minutesAgo: number): CertificateRecord {
  const targets = certificates.find((each) => each.id === id)?.targets ?? [];
  const deployment: Deployment = {
    state: 'proven',
    place: '123456789012/us-east-1',
    versionId: 'v1',
    arn: 'arn',
    previous: null,
    baselineSerial: null,
    changedAt: inDays(-9).toISOString(),
    provenAt: inDays(-9).toISOString(),
    probe: null,
    nextProbeAt: addMs(now, -minutesAgo * minuteMs).toISOString(),
    failure: null,
  };
  const deployments = identitiesOf({ id, targets }, config.home).map(({ key }) => [
    key,
    deployment,
  ]);
  return healthy({ id, deployments: Object.fromEntries(deployments) });
}

/** A sweep over these records, which `shift` minutes later may have changed. */
async function swept(
  minutesAgo: readonly number[],
  {
    most = 10,
    unreadable = '',
    store = fakeObjectStore(),
    shift = 0,
    etags = ['1', '1', '1'],
    isListed = true,
  } = {},
) {
  const records = new Map(
    certificates.map(({ id }, at) => [id, recordDue(id, minutesAgo[at] ?? 0)]),
  );
  const read: string[] = [];
  const ledger = {
    async read(id: string, how?: Reading) {
      read.push(id);
      if (how?.listing && !how.listing.has(id)) return null;
      if (id === unreadable) throw new CertkeepError('LedgerUnreadable', id);
      return records.get(id) ?? null;
    },
    async list() {
      if (!isListed) throw new Error('not listed');
      const listed = certificates.flatMap(({ id }, at) =>
        etags[at] ? [[id, new Map([['verify' as const, etags[at]]])] as const] : [],
      );
      return new Map(listed);
    },
  };
  const queues = {
    send: async (work: CertificateWork) => void sent.push(work),
    isEmpty: async () => isEmpty,
  };
  const clock = virtualClock(addMs(now, shift * minuteMs));
  await sweep({ config, ledger, queues, clock, most, verifyBook: s3VerifyBook(store) });
  return { read: read.toSorted(), sent: sent.map(({ certificate }) => certificate).toSorted() };
}

test('verify sends what check should have sent twice by now', async () => {
  expect((await swept([20, 19, 60])).sent).toEqual(['a1', 'c3']);
});

test('verify sends nothing while something is in the queue', async () => {
  isEmpty = false;
  expect((await swept([60, 60, 60])).sent).toEqual([]);
});

test('no more is sent than can be done until the next time', async () => {
  expect((await swept([60, 60, 60], { most: 2 })).sent).toHaveLength(2);
});

test('a record that cannot be read keeps no other endpoint from being asked', async () => {
  const sweeping = swept([60, 60, 60], { unreadable: 'b2' });
  await expect(sweeping).rejects.toThrow('1 certificates could not be looked at');
  expect(sent.map(({ certificate }) => certificate).toSorted()).toEqual(['a1', 'c3']);
});

test('the next time only records are read that have changed or are overdue', async () => {
  const store = fakeObjectStore();
  const healthy = [-300, -300, -300];
  expect((await swept(healthy, { store })).read).toEqual(['a1', 'b2', 'c3']);
  expect((await swept(healthy, { store, shift: 10 })).read).toEqual([]);
  expect((await swept(healthy, { store, shift: 20, etags: ['1', '2', '1'] })).read).toEqual(['b2']);
  // Five hours and twenty minutes later all are overdue.
  const late = await swept(healthy, { store, shift: 320, etags: ['1', '2', '1'] });
  expect(late).toEqual({ read: ['a1', 'b2', 'c3'], sent: ['a1', 'b2', 'c3'] });
});

test.each<[string, (probes: Readonly<Record<string, string>>) => unknown]>([
  ['is no such object', () => ({ probes: 1 })],
  ['is of another configuration', (probes) => ({ config: 'other', probes })],
  [
    'names times that are too far away',
    (probes) => ({
      config: digestOfConfig(config),
      probes: Object.fromEntries(
        Object.entries(probes).map(([id, text]) => [
          id,
          text.replace(/ .*/, ' 2999-01-01T00:00:00.000Z'),
        ]),
      ),
    }),
  ],
  [
    'names times that have passed',
    (probes) => ({
      config: digestOfConfig(config),
      probes: Object.fromEntries(
        Object.entries(probes).map(([id, text]) => [
          id,
          text.replace(/ .*/, ' 2000-01-01T00:00:00.000Z'),
        ]),
      ),
    }),
  ],
])('where what it knows %s, the records are read, and decide', async (_, wrong) => {
  const store = fakeObjectStore();
  const healthy = [-300, -300, -300];
  await swept(healthy, { store });
  const stored = await store.get('observations/verify.json');
  const { probes } = JSON.parse(Buffer.from(stored?.body ?? '').toString());
  await store.put('observations/verify.json', JSON.stringify(wrong(probes)), 'application/json');
  const { read } = await swept(healthy, { store, shift: 10 });
  expect([read, sent]).toEqual([['a1', 'b2', 'c3'], []]);
});

test('a record that an earlier release has written as a whole is not listed, and is swept', async () => {
  expect((await swept([60, 60, 60], { etags: ['1', '', '1'] })).sent).toEqual(['a1', 'b2', 'c3']);
});

test('where the records cannot be listed, all are read and sent, and the sweep fails', async () => {
  await expect(swept([60, 60, 60], { isListed: false })).rejects.toThrow('not listed');
  expect(sent.map(({ certificate }) => certificate).toSorted()).toEqual(['a1', 'b2', 'c3']);
});

test.each(['get', 'putIf'] as const)(
  'where what it knows fails at %s, all are sent, and the sweep fails',
  async (call) => {
    const store = { ...fakeObjectStore(), [call]: () => Promise.reject(new Error('S3: no')) };
    await expect(swept([60, 60, 60], { store })).rejects.toThrow('S3: no');
    expect(sent.map(({ certificate }) => certificate).toSorted()).toEqual(['a1', 'b2', 'c3']);
  },
);
