import { DeleteObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { sceneryClient } from 'local-cloud/operator.ts';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const profiles = { long: { validityMs: 60 * dayMs } };

async function loseRecord(): Promise<void> {
  const s3 = new S3Client({ ...sceneryClient(world.cloud, 'us-east-1'), forcePathStyle: true });
  const { bucket: Bucket } = world.names;
  for (const writer of writers) {
    await s3.send(new DeleteObjectCommand({ Bucket, Key: partKey(writer, 'shop') }));
  }
}

const orders = () => world.cloud.ca.ledger().orders.length;

test.each([
  ['by the choice of its CA', null],
  ['with a profile', 'long'],
])(
  'an empty ledger beside a filled key store issues nothing that is good: %s',
  async (_, profile) => {
    world = await startWorld(configText('  shop: {names: [example.com], issuer: local}\n'), {
      ca: { profiles },
    });
    if (profile) {
      await world.reconfigure((text) => {
        const config = parse(text);
        config.issuers.local.profile = profile;
        return stringify(config);
      });
    }
    await world.check();
    const { serial } = world.record('shop').versions[0] ?? expect.unreachable('it was issued');
    await loseRecord();
    await world.live(2 * hourMs);
    expect(world.record('shop').versions).toMatchObject([{ serial }]);
    expect(orders()).toBe(1);
    world.clock.advance(61 * dayMs);
    await world.check();
    expect(orders()).toBe(2);
  },
);
