import { afterEach, describe, expect, test } from 'vitest';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { addZone, putRecord, zoneIdOf } from '#test/support/world-records.ts';

let world: World;
afterEach(() => world?.close());

const names = '[example.com, "*.example.com"]';
const source = configText(`  shop: {names: ${names}, issuer: local}\n`);
const challenge = '_acme-challenge.example.com';

/** From now on CNAMEs are followed, into that zone. */
async function follow(zone: string): Promise<void> {
  const id = await zoneIdOf(world.cloud, zone);
  await world.reconfigure((text) =>
    text.replace(/type: route53\n/, `$&    cnameStrategy: follow\n    hostedZoneId: ${id}\n`),
  );
  expect(world.landscape.config.solvers).toMatchObject([{ cnameStrategy: 'follow' }]);
}

/** The names that values were put at. */
function written(): ReadonlySet<string> {
  const changes = world.cloud.faults.calls.filter(
    ({ operation, caller }) => operation === 'ChangeResourceRecordSets' && caller === 'issue',
  );
  const text = changes.map(({ input }) => JSON.stringify(input)).join();
  return new Set([...text.matchAll(/"Name":"([^"]+)"/g)].map(([, name = '']) => name));
}

describe('with cnameStrategy follow', () => {
  test('values go to where the CNAME leads, in another zone, and are taken away there', async () => {
    const target = 'example-com.acme.example.net';
    world = await startWorld(source, {
      prepare: async ({ cloud }) => {
        await addZone(cloud, 'acme.example.net');
        await putRecord(cloud, 'example.com', 'CREATE', challenge, 'CNAME', [`${target}.`]);
      },
    });
    await follow('acme.example.net');
    world.clock.advance(60_000);
    await world.check();
    expect(world.record('shop')).toMatchObject({ attempt: null, txt: [] });
    expect(world.record('shop').desired).not.toBeNull();
    expect(written()).toEqual(new Set([target]));
    expect(txtAt(world, target)).toEqual([]);
  });

  test('a CNAME that only a wildcard gives is not followed', async () => {
    world = await startWorld(source, {
      prepare: ({ cloud }) =>
        putRecord(cloud, 'example.com', 'CREATE', '*.example.com', 'CNAME', ['lb.example.net.']),
    });
    await follow('example.com');
    world.clock.advance(60_000);
    await world.check();
    expect(world.record('shop').desired).not.toBeNull();
    expect(written()).toEqual(new Set([challenge]));
  });
});
