import { X509Certificate } from 'node:crypto';
import { afterEach, describe, expect, test } from 'vitest';
import type { Misbehaviour } from '#local/ca/misbehaviour.ts';
import { createCertificateAuthority, makeKey } from '#local/ca/x509.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/clock.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import { configText } from '#test/support/fleet.ts';
import { finalized, refusing } from '#test/support/two-cas.ts';
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

function subjects(): readonly (string | null)[] {
  return world.inbox().map(({ subject }) => subject);
}

const pemType = { 'content-type': 'application/pem-certificate-chain' };

test('a limit of 34 hours is parked: not slept, not counted, not told, and over when it is over', async () => {
  const limit = refusing(
    'newOrder',
    { type: 'rateLimited', status: 429 },
    { 'retry-after': '122400' },
  );
  await start({ ...limit, times: 1 });
  const begun = world.clock.now();
  await world.check();
  expect(world.clock.now().getTime() - begun.getTime()).toBeLessThan(hourMs);
  const { acquireFailure } = record();
  expect(acquireFailure).toMatchObject({ count: 0, error: 'IssuerRateLimited' });
  expect(Date.parse(acquireFailure?.nextAttemptAt ?? '')).toBeGreaterThanOrEqual(
    begun.getTime() + 34 * hourMs,
  );
  await world.live(5 * hourMs);
  expect(asked('newOrder')).toBe(1);
  expect(subjects()).toEqual([]);
  world.clock.advance(33 * hourMs);
  await world.check();
  expect(record().desired).not.toBeNull();
});

test('a paused name goes to a person, with the link of the CA', async () => {
  const link = 'https://portal.example/unpause?jwt=abc';
  const detail = `Your account is temporarily prevented from requesting certificates for example.com. Please visit: ${link}`;
  await start(refusing('newOrder', { type: 'rateLimited', status: 429, detail }));
  await world.check();
  expect(record().acquireFailure?.error).toBe('IssuerRefused');
  expect(
    world
      .inbox()
      .map(({ message }) => message)
      .join(),
  ).toContain(link);
});

test('an order that came to nothing keeps no later one from replacing the certificate', async () => {
  await start();
  await world.check();
  world.cloud.ca.misbehaviour.add({
    ...refusing('finalize', { type: 'badCSR', status: 400 }),
    times: 5,
  });
  world.clock.advance(61 * dayMs);
  // Refused five times, the order itself may be the reason: another one begins, and meets the first.
  for (let day = 0; day < 5; day += 1) {
    await world.live(hourMs);
    world.clock.advance(dayMs);
  }
  await world.live(hourMs);
  expect(record().versions).toHaveLength(2);
  expect(world.logs.filter(({ message }) => message === 'ordered without "replaces"')).toHaveLength(
    1,
  );
});

test('a storm of refused nonces is lived through, with one order and one certificate', async () => {
  await start(undefined, { nonceRejectPercent: 60, nonceSeed: 7 });
  await world.check();
  await world.live(3 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
});

test('an order that takes an hour is waited for, which is no failure', async () => {
  await start(undefined, { finalizeMs: hourMs });
  await world.check();
  expect(record()).toMatchObject({ desired: null, acquireFailure: null });
  expect(record().attempt?.waitingSince).not.toBeNull();
  await world.live(2 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
  expect(subjects()).toEqual(['[certkeep] info: shop was issued by local and stored']);
});

test('one that takes longer than two is told, looked at further, and used when it comes', async () => {
  await start(undefined, { finalizeMs: 30 * hourMs });
  await world.check();
  await world.live(3 * hourMs);
  expect(record().acquireFailure?.error).toBe('OrderStuck');
  expect(subjects()).toContain('[certkeep] warning: shop could not be issued: OrderStuck');
  world.clock.advance(2 * dayMs);
  await world.live(hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
});

test('a CA that dies right after finalize is asked for that very order when it lives again', async () => {
  await start();
  const isAfterFinalize = () => asked('finalize') > 0;
  world.cloud.faults.add({
    when: ({ service }) => service === 'acme' && isAfterFinalize(),
    fault: { do: 'lose-answer' },
    times: 8,
  });
  await world.check();
  expect(record().desired).toBeNull();
  await world.live(3 * hourMs);
  expect(record().versions).toHaveLength(1);
  expect(finalized(world.cloud.ca)).toBe(1);
  expect(asked('newOrder')).toBe(1);
});

async function oddLeaf(change: { readonly expired?: true } = {}): Promise<string> {
  const now = world.clock.now();
  const authority = await createCertificateAuthority({ name: 'Odd', now });
  const leaf = await authority.issue({
    names: ['example.com'],
    publicKey: makeKey('ecdsa-p256').publicKey,
    notBefore: addMs(now, -90 * dayMs),
    notAfter: addMs(now, change.expired ? -dayMs : 90 * dayMs),
  });
  return `${leaf.certificatePem}${leaf.chainPem}`;
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
      reply: () => ({ status: 200, headers: pemType, body }),
      times: 1,
    });
    await world.check();
    expect(record()).toMatchObject({
      desired: null,
      versions: [],
      acquireFailure: { error, message: expect.stringContaining(why) },
    });
    expect(subjects()).toEqual([`[certkeep] warning: shop could not be issued: ${error}`]);
    await world.live(hourMs);
    expect(record().versions).toHaveLength(1);
  });
});

test.each<[string, { readonly expired?: true }, string]>([
  ['for another key', {}, 'it is for another key'],
  ['that is expired', { expired: true }, 'it expired at'],
])('a certificate %s is not stored, and told the second time', async (_, change, why) => {
  await start();
  const body = await oddLeaf(change);
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: () => ({ status: 200, headers: pemType, body }),
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
