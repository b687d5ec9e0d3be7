import { afterEach, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const alb = (name: string, certificate = 'default') =>
  `{type: alb, listener: "${listenerArn(name)}", certificate: ${certificate}}`;

const arnOf = (id: string) => Object.values(world.record(id).imports)[0]?.arn;
const newest = (id: string) => world.record(id).versions.at(-1)?.serial;

/** The first listener goes from shop to a certificate of its own, for a name more. */
async function handOver(adopt: string, kind: string): Promise<void> {
  const targets = `[${alb('one')}, ${alb('two', kind)}]`;
  world = await startWorld(
    configText(
      `  shop: {names: [example.com], issuer: local, adopt: ${adopt}, targets: ${targets}}\n`,
    ),
  );
  await world.check();
  await world.live(hourMs);
  await world.reconfigure((text) => {
    const config = parse(text);
    const [one, two] = config.certificates.shop.targets;
    config.certificates.shop.targets = [two];
    config.certificates.second = {
      names: ['example.com', 'www.example.com'],
      issuer: 'local',
      adopt: 'in-place',
      targets: [one],
    };
    return stringify(config);
  });
  await world.check();
  await world.live(hourMs);
}

test.each([
  ['made', 'new-arn', 'default'],
  ['adopted', 'in-place', 'sni'],
])(
  'adopt in place leaves what another certificate of the installation has %s',
  async (_, adopt, kind) => {
    await handOver(adopt, kind);
    expect(arnOf('second')).not.toBe(arnOf('shop'));
    expect(await world.served('shop')).toEqual(new Set([newest('shop')]));
    expect(await world.served('second')).toEqual(new Set([newest('second')]));
    await world.check({ certificates: ['shop', 'second'], force: true, reason: 'a test' });
    await world.live(hourMs);
    expect(await world.served('shop')).toEqual(new Set([newest('shop')]));
    expect(await world.served('second')).toEqual(new Set([newest('second')]));
  },
);
