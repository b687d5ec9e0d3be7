import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld } from '#test/support/world.ts';

const shop = `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('private-shop')}"}]}
`;

const probe = `places:
  "123456789012/us-east-1": {probe: {subnets: [subnet-0a1b2c3d4e5f60718], securityGroups: [sg-0a1b2c3d]}}
`;

test('an internal load balancer is unknown from outside, and proven from inside', async () => {
  const world = await startWorld(configText(shop));
  try {
    await world.check();
    await world.live(hourMs);
    const states = () => Object.values(world.record('shop').deployments);
    expect(states()).toMatchObject([{ state: 'unknown', endpoint: { isInternal: true } }]);
    await world.reconfigure((text) => `${text}${probe.replace('123456789012', '000000000000')}`);
    await world.live(12 * hourMs);
    expect(states()).toMatchObject([{ state: 'proven' }]);
    expect(states()[0]?.probe?.detail).toContain('asked from inside its network');
  } finally {
    await world.close();
  }
}, 60_000);
