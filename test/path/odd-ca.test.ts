import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Misbehaviour } from '#local/ca/misbehaviour.ts';
import { makeKey } from '#local/ca/x509.ts';
import { hourMs, minuteMs } from '#shared/clock.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { configText } from '#test/support/fleet.ts';
import { oddLeaf, pemReply, subjects } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

async function start(rule?: Misbehaviour, ca = {}): Promise<void> {
  world = await startWorld(oneName, { ca });
  if (rule) world.cloud.ca.misbehaviour.add(rule);
}

function record(): CertificateRecord {
  return world.record('shop');
}

function asked(operation: string): number {
  return world.cloud.faults.calls.filter((call) => call.operation === operation).length;
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
  test('is not stored, is told, and ordered anew', async () => {
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
    expect(subjects({ world })).toEqual([`[certkeep] warning: shop could not be issued: ${error}`]);
    await world.live(hourMs);
    expect(record().versions).toHaveLength(1);
  });
});

test.each<[string, { readonly expired?: true }, string]>([
  ['for another key', {}, 'it is for another key'],
  ['that is expired', { expired: true }, 'it expired at'],
])('a certificate %s is not stored, and told the second time', async (_, change, why) => {
  await start();
  const body = await oddLeaf(world.clock.now(), change);
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: () => pemReply(body),
    times: 2,
  });
  await world.check();
  // The first time it may be that of another certificate for the same names, which shared the order.
  expect(record()).toMatchObject({
    versions: [],
    attempt: { orderUrl: null },
    acquireFailure: null,
  });
  await world.live(10 * minuteMs);
  expect(record()).toMatchObject({
    versions: [],
    acquireFailure: { error: 'CertificateRejected', message: expect.stringContaining(why) },
  });
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
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

test('a redirect to another host is not followed', async () => {
  await start({
    when: ({ operation }) => operation === 'newOrder',
    reply: () => ({ status: 307, headers: { location: 'https://127.0.0.1:1/' }, body: {} }),
  });
  await world.check();
  expect(record().acquireFailure).toMatchObject({
    error: 'IssuerAnswerInvalid',
    message: expect.stringContaining('redirects'),
  });
});

test('an authorization that is over ends the order, with what the CA says of it', async () => {
  await start({
    when: ({ operation }) => operation === 'authz',
    times: 1,
    reply: async (usual) => {
      const reply = await usual();
      return { ...reply, body: { ...(reply.body as object), status: 'deactivated' } };
    },
  });
  await world.check();
  expect(record().acquireFailure).toMatchObject({
    error: 'OrderInvalid',
    message: expect.stringContaining('the authorization of example.com is deactivated'),
  });
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
});

test('names that a CA has approved beforehand need neither challenge nor solver', async () => {
  await start();
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'newOrder',
    reply: async (usual) => {
      const reply = await usual();
      approve(String(reply.headers?.location));
      return { ...reply, body: { ...(reply.body as object), status: 'ready', authorizations: [] } };
    },
  });
  await world.check();
  expect(record().versions).toHaveLength(1);
  expect(asked('authz') + asked('challenge') + asked('ChangeResourceRecordSets')).toBe(0);
});

/** As ACM's endpoints do for a domain that was validated there. */
function approve(orderUrl: string): void {
  const order = world.cloud.ca.orderAt(orderUrl);
  for (const authorization of order.authorizations) authorization.decision = 'valid';
}
