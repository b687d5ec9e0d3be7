import { type Cloud, startCloud, usualConsistency } from 'local-cloud/cloud.ts';
import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { buildLandscape, readBack } from '#local/demo/landscape.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

let cloud: Cloud;
const clock = virtualClock();
beforeEach(async () => {
  cloud = await startCloud({ clock, consistency: usualConsistency });
});
afterEach(() => cloud.close());

const source = readBack(
  configText(`
  shop:
    names: [example.com]
    issuer: local
    key: rsa-2048
    targets:
      - {type: alb, listener: "${listenerArn('shop')}"}
      - {type: clb, loadBalancer: old}
`),
);

function build() {
  const given = { text: source.configText, config: source.config };
  return buildLandscape(cloud, given, cloud.ca, clock);
}

/** As if another program had taken the port meanwhile; the first balancer of the classic kind is `old`. */
function takePorts(times: number): void {
  cloud.faults.add({
    when: ({ service, operation }) =>
      operation === (service === 'elb' ? 'CreateLoadBalancer' : 'CreateListener'),
    fault: { do: 'refuse', code: 'PortTaken', status: 400 },
    times,
  });
}

test('a listener whose port is taken meanwhile gets another one', async () => {
  takePorts(4);
  const { config } = await build();
  const ports = [...cloud.balancers.bound().keys()].map((key) => key.split(':')[1]);
  expect(new Set(ports).size).toBe(2);
  const [, classic] = config.certificates[0]?.targets ?? [];
  expect(ports).toContain(String((classic as { port?: number }).port));
});

test('if every port is taken, it says so instead of trying for ever', async () => {
  takePorts(1_000);
  await expect(build()).rejects.toMatchObject({ name: 'PortTaken' });
});
