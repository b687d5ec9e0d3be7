import { X509Certificate } from 'node:crypto';
import { makeKey } from 'local-cloud/ca/x509.ts';
import { afterEach, describe, expect, test } from 'vitest';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { expiredOf, finalized, happened, oddLeaf, pemReply } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

async function start(): Promise<void> {
  world = await startWorld(oneName);
}

function record(): CertificateRecord {
  return world.record('shop');
}

describe.each<[string, () => Promise<string> | string, string, string]>([
  [
    'a hundred megabytes',
    () => 'x'.repeat(100 << 20),
    'IssuerAnswerInvalid',
    'more than 1048576 bytes',
  ],
  [
    'a private key',
    () => makeKey('ecdsa-p256').keyPem,
    'IssuerAnswerInvalid',
    'other than certificates',
  ],
])('%s', (_, make, error, why) => {
  test('is not stored, is an event, and ordered anew', async () => {
    await start();
    const body = await make();
    world.cloud.ca.misbehaviour.add({
      when: ({ operation }) => operation === 'certificate',
      reply: () => pemReply(body),
      times: 1,
    });
    await world.check();
    expect(record()).toMatchObject({
      desired: null,
      versions: [],
      acquireFailure: { error, message: expect.stringContaining(why) },
    });
    expect(happened({ world })).toEqual([`warning: shop could not be issued: ${error}`]);
    await world.live(hourMs);
    expect(record().versions).toHaveLength(1);
  });
});

test.each<[string, { readonly expired?: true }, string]>([
  ['for another key', {}, 'it is for another key'],
  ['that is expired', { expired: true }, 'it expired at'],
])(
  'a certificate %s is not stored, ordered anew once in the same run, and told then',
  async (_, change, why) => {
    await start();
    const body = await oddLeaf(world.clock.now(), change);
    world.cloud.ca.misbehaviour.add({
      when: ({ operation }) => operation === 'certificate',
      reply: () => pemReply(body),
      times: 2,
    });
    await world.check();
    expect(record()).toMatchObject({
      versions: [],
      acquireFailure: { error: 'CertificateRejected', message: expect.stringContaining(why) },
    });
    expect(finalized(world.cloud.ca)).toBe(2);
    await world.live(hourMs);
    expect(record().versions).toHaveLength(1);
  },
);

test('a certificate for another key may be that of another certificate for the same names, and nobody is told of one', async () => {
  await start();
  const body = await oddLeaf(world.clock.now(), {});
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: () => pemReply(body),
    times: 1,
  });
  await world.check();
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(2);
  expect(happened({ world }).filter((each) => each.includes('could not'))).toEqual([]);
});

test('a run that ends before it has ordered anew leaves an attempt without an order, which the next run orders', async () => {
  await start();
  const body = await oddLeaf(world.clock.now(), {});
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: () => pemReply(body),
    times: 1,
  });
  world.cloud.faults.add({
    when: ({ service, operation }) => service === 'acme' && operation === 'newOrder',
    fault: { do: 'refuse', code: 'serverInternal', status: 500 },
    times: 1,
    skip: 1,
  });
  await world.check();
  expect(record()).toMatchObject({ versions: [], attempt: { orderUrl: null } });
  expect(finalized(world.cloud.ca)).toBe(1);
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(2);
});

test('one for the right key that is expired is not stored either, and ordered anew with another key', async () => {
  await start();
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: async (usual) => pemReply(await expiredOf(String((await usual()).body))),
    times: 1,
  });
  await world.check();
  const { acquireFailure, attempt, versions } = record();
  expect([acquireFailure?.error, versions]).toEqual(['CertificateRejected', []]);
  expect(acquireFailure?.message).toContain('it expired at');
  expect(attempt).toMatchObject({ csr: null, orderUrl: null, keyStored: false });
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(2);
});

test('a chain out of order, and with its root, is put in order', async () => {
  await start();
  const { issuanceRootPem } = world.cloud.ca;
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: async (usual) => {
      const reply = await usual();
      const [leaf, intermediate] =
        String(reply.body).match(/-----BEGIN[^-]+-----[^-]+-----END[^-]+-----/g) ?? [];
      return { ...reply, body: [leaf, issuanceRootPem.trim(), intermediate].join('\n') };
    },
  });
  await world.check();
  const key = `certificates/shop/versions/${record().desired}/chain.pem`;
  const chain = Buffer.from(world.cloud.s3.bytesOf(world.names.bucket, key) ?? '').toString();
  expect(chain.match(/BEGIN CERTIFICATE/g)).toHaveLength(1);
  expect(new X509Certificate(chain).subject).toBe('CN=Certkeep Local Intermediate');
});
