import { X509Certificate } from 'node:crypto';
import type { AcmeCaOptions } from 'local-cloud/ca/acme-ca.ts';
import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { finalized, happened, pemReply } from '#test/support/two-cas.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const asks = (error: string) => (text: string) => text.includes(error);

async function shop(lines: string, ca: Partial<AcmeCaOptions>): Promise<void> {
  const certificate = `  shop: {names: [example.com], issuer: local${lines}}\n`;
  world = await startWorld(configText(certificate), { ca: { renewalInfo: false, ...ca } });
  await world.check();
}

/** 36 checks. */
async function sixHours(): Promise<void> {
  await world.live(6 * hourMs);
}

const orders = () => finalized(world.cloud.ca);

test.each([
  ['Vault, back-dated by 30 s', ', renewBeforeDays: 30', 30 * dayMs + 31 * secondMs, 30 * secondMs],
  [
    'step-ca, back-dated by a minute',
    ', renewBeforeDays: 30',
    30 * dayMs + 61 * secondMs,
    minuteMs,
  ],
  ['the same without back-dating', ', renewBeforeDays: 30', 30 * dayMs, 0],
  ['30 days left of 91', '', 91 * dayMs, 61 * dayMs],
  ['160 hours with renewBeforeDays: 6', ', renewBeforeDays: 6', 160 * hourMs, hourMs],
])('%s: one certificate in six hours', async (_, lines, validityMs, backdateMs) => {
  await shop(lines, { validityMs, backdateMs });
  await sixHours();
  expect(orders()).toBe(1);
  const told = world.told().filter(asks('RenewBeforeTooLong'));
  expect(told).toHaveLength(lines ? 1 : 0);
});

test('160 hours with renewBeforeDays: 6 are renewed at half their life, and told once', async () => {
  await shop(', renewBeforeDays: 6', { validityMs: 160 * hourMs });
  world.clock.advance(78 * hourMs);
  await world.check();
  expect(orders()).toBe(1);
  world.clock.advance(2 * hourMs);
  await world.check();
  expect(orders()).toBe(2);
  expect(world.told().filter(asks('RenewBeforeTooLong'))).toHaveLength(1);
});

test('twelve hours that were left of more are half used before the next', async () => {
  await shop('', { validityMs: 36 * hourMs, backdateMs: dayMs });
  await sixHours();
  expect(orders()).toBeLessThanOrEqual(2);
});

test('ten minutes of life are ordered with growing waits, and are one event', async () => {
  await shop('', { validityMs: 70 * minuteMs, backdateMs: hourMs });
  await sixHours();
  // After 1, 10, and then every 60 minutes: what has ended is tried hourly.
  expect(orders()).toBeLessThanOrEqual(9);
  expect(happened({ world }).filter(asks('DueWhenIssued'))).toHaveLength(1);
});

test('a certificate that is revoked when it is issued is replaced once, and then with growing waits', async () => {
  await shop('', { revocationList: true });
  const { ca } = world.cloud;
  ca.revoke(world.record('shop').versions[0]?.serial ?? '', 4);
  ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: async (usual) => {
      const reply = await usual();
      ca.revoke(new X509Certificate(String(reply.body)).serialNumber, 4);
      return reply;
    },
  });
  await world.live(dayMs);
  // The first, its replacement, and those after 1, 10 and 100 minutes and a day, each found within a day at most.
  expect(orders()).toBeLessThanOrEqual(7);
  expect(orders()).toBeGreaterThan(2);
  expect(happened({ world }).filter(asks('has been revoked'))).toHaveLength(1);
  expect(happened({ world }).filter(asks('DueWhenIssued'))).toHaveLength(1);
  expect(world.record('shop').dueWhenIssued?.failure.count).toBeGreaterThan(1);
});

test('a CA that hands out the certificate in service again is refused, and asked with growing waits', async () => {
  await shop(', rotation: reuse', {});
  const { versions } = world.record('shop');
  const key = `certificates/shop/versions/${versions[0]?.id}`;
  const read = (part: string) =>
    Buffer.from(world.cloud.s3.bytesOf(world.names.bucket, `${key}/${part}.pem`) ?? '').toString();
  const earlier = `${read('certificate')}${read('chain')}`;
  world.cloud.ca.misbehaviour.add({
    when: ({ operation }) => operation === 'certificate',
    reply: () => pemReply(earlier),
  });
  world.clock.advance(61 * dayMs);
  await sixHours();
  expect(world.record('shop').versions).toEqual(versions);
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'CertificateRejected',
    message: expect.stringContaining('it is the one in service'),
  });
  expect(orders()).toBeLessThanOrEqual(6);
});
