import type { OutsideCall } from 'local-cloud/faults.ts';
import { afterEach, expect, test } from 'vitest';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const twoNames = configText('  shop: {names: [example.com, "*.example.com"], issuer: local}\n');
const hour = 3_600_000;

function byIssue(service: string, operation: string, key = '') {
  return (call: OutsideCall) =>
    call.service === service &&
    call.operation === operation &&
    call.caller === 'issue' &&
    JSON.stringify(call.input ?? '').includes(key);
}

test.each([
  ['after the key was stored', byIssue('secretsmanager', 'PutSecretValue'), 1],
  ['after newOrder', byIssue('acme', 'newOrder')],
  ['after the challenge values were published', byIssue('route53', 'ChangeResourceRecordSets')],
  ['after a challenge was answered', byIssue('acme', 'challenge')],
  ['after finalize', byIssue('acme', 'finalize')],
  ['after the certificate was downloaded', byIssue('acme', 'certificate')],
  [
    'after the leaf but before the chain was written',
    byIssue('s3', 'PutObject', 'certificate.pem'),
  ],
  [
    'after AWSCURRENT was moved',
    byIssue('secretsmanager', 'UpdateSecretVersionStage', 'AWSCURRENT'),
  ],
])(
  'killed %s, the next run ends with one finalized order and one key',
  async (_, when, skip = 0) => {
    world = await startWorld(twoNames);
    world.cloud.faults.add({ when, fault: { do: 'kill-after' }, skip });
    await world.check();
    expect(world.record('shop').desired).toBeNull();
    await world.live(hour);
    const record = world.record('shop');
    const finalized = world.cloud.ca.ledger().orders.filter((order) => order.finalizedTimes > 0);
    expect(finalized).toHaveLength(1);
    expect(record.versions.map(({ serial }) => serial)).toEqual([finalized[0]?.serial]);
    expect(record.txt).toEqual([]);
    expect(txtAt(world, '_acme-challenge.example.com')).toEqual([]);
    const stored = world.cloud.faults.calls.filter(
      byIssue('secretsmanager', 'PutSecretValue', 'PRIVATE'),
    );
    expect(stored.length).toBeGreaterThan(0);
  },
);
