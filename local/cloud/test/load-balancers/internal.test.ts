import { afterEach, expect, test } from 'vitest';
import { type LoadBalancers, loadBalancers } from '#cloud/load-balancers/load-balancers.ts';
import { freePort, nodeAddresses } from '#cloud/load-balancers/nodes.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';

let balancers: LoadBalancers;
afterEach(() => balancers.close());

function answers(address: string, port: number): Promise<boolean> {
  return fetch(`http://${address}:${port}/`).then(
    (response) => response.ok,
    () => false,
  );
}

test('an internal load balancer is reached at the addresses that DNS shows inside of its network alone', async () => {
  balancers = loadBalancers({ clock: virtualClock() });
  const of = { name: 'shop', region: 'us-east-1' };
  const inner = await balancers.add({ ...of, arn: 'inner', internal: true });
  const outer = await balancers.add({ ...of, arn: 'outer', internal: false });
  const port = await freePort();
  const respond = (_: unknown, response: { end(): void }) => response.end();
  await balancers.listen('inner', { port, tls: null, respond });
  const [outside = ''] = balancers.addresses(inner) ?? [];
  expect(await nodeAddresses()).not.toContain(outside);
  expect(await answers(outside, port)).toBe(false);
  expect(balancers.insideAddresses(inner)).toEqual(await nodeAddresses());
  expect(await answers(balancers.insideAddresses(inner)?.[0] ?? '', port)).toBe(true);
  expect(balancers.addresses(outer)).toEqual(balancers.insideAddresses(outer));
  expect(balancers.insideAddresses('unknown.example')).toBeNull();
});
