import { startAcmeCa } from 'local-cloud/ca/acme-ca.ts';
import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');

function refuseFinalize(): void {
  world.cloud.faults.add({
    when: ({ service, operation }) => service === 'acme' && operation === 'finalize',
    fault: { do: 'refuse', code: 'serverInternal', status: 500 },
  });
}

test('an issuer that is pointed at another CA in the middle of an attempt issues there', async () => {
  world = await startWorld(oneName);
  refuseFinalize();
  await world.check();
  const { clock, cloud } = world;
  const other = await startAcmeCa({
    clock,
    faults: cloud.faults,
    resolver: cloud.dns.address,
  });
  await world.reconfigure((text) => {
    const written = parse(text);
    const moved = { directory: other.directoryUrl, caBundle: other.rootPem };
    Object.assign(written.issuers.local, moved);
    return stringify(written);
  });
  await world.live(hourMs);
  expect(world.record('shop').desired).not.toBeNull();
  await other.close();
});

test('a corrected solver is tried at once, whatever its failures had to wait for', async () => {
  world = await startWorld(oneName);
  const wrong = 'type: route53\n    hostedZoneId: Z0000000000WRONG';
  await world.reconfigure((text) => text.replace('type: route53', wrong));
  await world.check();
  await world.live(hourMs);
  const failure = world.record('shop').acquireFailure;
  expect(Date.parse(failure?.nextAttemptAt ?? '') - world.clock.now().getTime()).toBeGreaterThan(
    hourMs / 2,
  );
  await world.reconfigure((text) => text.replace(/ +hostedZoneId: \w+\n/, ''));
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
});

test('a certificate whose change is taken back in the middle is left alone, without values left behind', async () => {
  world = await startWorld(oneName);
  await world.check();
  const text = world.landscape.configText;
  world.cloud.faults.add({
    when: ({ service, operation }) => service === 'acme' && operation === 'order',
    fault: { do: 'refuse', code: 'serverInternal', status: 500 },
  });
  await world.reconfigure((before) => before.replace('- example.com', '- www.example.com'));
  await world.check();
  await world.reconfigure(() => text);
  await world.check();
  expect(world.record('shop')).toMatchObject({ attempt: null, acquireFailure: null, txt: [] });
  expect(world.record('shop').versions).toHaveLength(1);
});
