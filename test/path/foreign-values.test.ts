import { createHash } from 'node:crypto';
import { afterEach, expect, test } from 'vitest';
import type { TxtIntent } from '#shared/ledger/record/record.ts';
import { hourMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { forgeRecord } from '#test/support/forge-record.ts';
import { interrupted } from '#test/support/interrupted.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { putRecord } from '#test/support/world-records.ts';

let world: World;
afterEach(() => world?.close());

const digestOf = (text: string) => createHash('sha256').update(text).digest('base64url');

/** Whoever may write to the bucket. */
async function write(txt: readonly TxtIntent[]): Promise<void> {
  await forgeRecord(world, 'shop', (record) => ({ ...record, txt: [...txt] }));
}

type Batch = { readonly ChangeBatch: { readonly Changes: readonly { readonly Action: string }[] } };

function created(): string {
  const all = world.cloud.faults.calls.flatMap(({ operation, input }) =>
    operation === 'ChangeResourceRecordSets' ? (input as Batch).ChangeBatch.Changes : [],
  );
  return JSON.stringify(all.filter(({ Action }) => Action === 'CREATE'));
}

test('values of others that somebody wrote into the record stay where they are', async () => {
  world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'));
  await world.check();
  const zoneId = world.cloud.faults.calls.flatMap(({ operation, input }) =>
    operation === 'ChangeResourceRecordSets'
      ? (input as { HostedZoneId: string }).HostedZoneId
      : [],
  )[0] as string;
  const theirs: readonly [string, string][] = [
    ['_acme-challenge.mail.example.com', digestOf('others')],
    ['_acme-challenge.example.com', 'verification=somebody'],
    ['example.com', 'v=spf1 include:example.net -all'],
    ['_dmarc.example.com', 'v=DMARC1; p=reject'],
  ];
  for (const [name, value] of theirs) {
    await putRecord(world.cloud, 'example.com', 'CREATE', name, 'TXT', [`"${value}"`]);
  }
  const forged = { attemptId: 'a0', solver: 'route53', zoneId };
  await write(theirs.map(([name, value]) => ({ ...forged, name, value })));
  await world.live(hourMs);
  for (const [name, value] of theirs) expect(txtAt(world, name)).toEqual([`"${value}"`]);
  expect(world.record('shop').txt).toEqual([]);
  expect(world.logs.filter(({ level }) => level === 'error')).toMatchObject([
    {
      certificate: 'shop',
      message: 'challenge values in the record are not ours and are left alone',
      values: 4,
    },
  ]);
});

test('a value of another account that somebody wrote into the record is never published', async () => {
  const { world: stopped, attempt } = await interrupted('before it looked at an authorization');
  world = stopped;
  const [authorization] = world.cloud.ca.orderAt(attempt.orderUrl ?? '').authorizations;
  const keyAuthorization = `token.${'thief'.padEnd(43, '0')}`;
  const value = digestOf(keyAuthorization);
  await write([
    {
      attemptId: attempt.id,
      solver: 'route53',
      zoneId: 'Z1',
      name: '_acme-challenge.example.com',
      value,
      keyAuthorization,
      authorization: authorization?.url ?? '',
      out: { at: world.clock.now().toISOString(), handle: null, seen: 'missing' },
    },
  ]);
  await world.live(hourMs);
  expect(created()).not.toContain(value);
  expect(created()).toContain('_acme-challenge.example.com');
  expect(world.record('shop')).toMatchObject({ desired: attempt.id, txt: [] });
});
