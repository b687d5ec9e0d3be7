import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const text = configText(`
  shop:
    names: [example.com, www.example.com]
    issuer: local
    key: [ecdsa-p256, rsa-2048]
    targets:
      - {type: clb, loadBalancer: old-web, region: us-east-1}
      - {type: alb, listener: "${listenerArn('web', '1')}", certificate: default}
`);
const ids = ['shop', 'shop-rsa'] as const;
const newest = (id: string) => world.record(id).versions.at(-1)?.serial;

/** Each client gets the certificate that its keys allow. */
async function bothAreServed(): Promise<void> {
  for (const id of ids) {
    expect(await world.served(id)).toEqual(new Set([newest(id)]));
    const states = Object.values(world.record(id).deployments).map(({ state }) => state);
    expect(states).toEqual(id === 'shop' ? ['proven'] : ['proven', 'proven']);
  }
}

test('clients of ECDSA and of RSA get each their certificate from one listener, what serves one gets that which it takes, and renewals keep it so', async () => {
  world = await startWorld(text);
  await world.check();
  await world.live(hourMs);
  await bothAreServed();
  expect(world.told()).toEqual([]);
  const before = ids.map(newest);
  world.clock.advance(61 * dayMs);
  await world.check();
  await world.live(hourMs);
  await bothAreServed();
  for (const [index, id] of ids.entries()) expect(newest(id)).not.toBe(before[index]);
});
