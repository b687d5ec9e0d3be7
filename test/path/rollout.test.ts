import { ElasticLoadBalancingV2 } from '@aws-sdk/client-elastic-load-balancing-v2';
import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, expect, test } from 'vitest';
import { importOther } from '#local/demo/landscape/certificates.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const regions = ['us-east-1', 'eu-west-1', 'eu-central-1'] as const;
const [canary] = regions;
const account = '123456789012';
const listeners = regions.map((region) => {
  const listener = listenerArn(`web-${region}`, '1', { region, account });
  return `{type: alb, listener: "${listener}"}`;
});
const text = configText(`
  shop:
    names: [example.com]
    issuer: local
    rollout: {first: ["${account}/${canary}"], proveFor: 30m}
    targets: [${listeners}]
`);

/** The version that the place of each region serves, as the record says. */
function versions(): readonly (string | undefined)[] {
  const { deployments } = world.record('shop');
  return regions.map((region) => {
    const found = Object.values(deployments).find(({ place }) => place.endsWith(`/${region}`));
    return found?.state === 'proven' ? found.versionId : undefined;
  });
}

const desired = () => world.record('shop').desired ?? '';

/** The listener in the last region, which somebody else may change by hand. */
function lastListener() {
  const target = world.landscape.config.certificates[0]?.targets.at(-1);
  const ListenerArn = target?.type === 'alb' ? target.listener : '';
  const place = { account: homeAccount, region: regions[2] };
  const elb = new ElasticLoadBalancingV2(operatorClient(world.cloud, place.region));
  return {
    async held() {
      const { Listeners = [] } = await elb.describeListeners({ ListenerArns: [ListenerArn] });
      return Listeners[0]?.Certificates?.[0]?.CertificateArn;
    },
    async holdAnother() {
      const { clock, cloud } = world;
      const others = await createCertificateAuthority({ name: 'Others', now: clock.now() });
      const builder = { cloud, clock, others };
      const CertificateArn = await importOther(builder, place, ['example.com'], 'ecdsa-p256');
      // A load balancer does not know a new certificate at once.
      clock.advance(2 * minuteMs);
      await elb.modifyListener({ ListenerArn, Certificates: [{ CertificateArn }] });
    },
  };
}

/** Within two hours, by checks every ten minutes. */
async function allServe(): Promise<void> {
  for (let passed = 0; passed < 12; passed += 1) {
    if (versions().every((each) => each === desired())) return;
    await world.live(10 * minuteMs);
  }
  throw new Error(`not all serve it: ${versions()}`);
}

async function renewed(): Promise<string> {
  world = await startWorld(text);
  await world.check();
  await allServe();
  const first = desired();
  world.clock.advance(61 * dayMs);
  return first;
}

test('the first region gets a renewal, and the others once it has served it for half an hour', async () => {
  const first = await renewed();
  await world.check();
  await world.live(20 * minuteMs);
  expect(desired()).not.toBe(first);
  expect(versions()).toEqual([desired(), first, first]);
  await allServe();
});

test('what the first region does not serve never reaches the others, and people hear of it', async () => {
  const first = await renewed();
  world.cloud.balancers.stick(`web-${canary}`);
  await world.check();
  await world.live(2 * hourMs);
  expect(desired()).not.toBe(first);
  expect(versions()).toEqual([undefined, first, first]);
  expect(world.told().length).toBeGreaterThan(0);
  world.cloud.balancers.unstick(`web-${canary}`);
  await world.check({ certificates: ['shop'], retry: true, reason: 'a test' });
  await allServe();
});

test('what somebody changes where the turn has not come is put right with what it had', async () => {
  const first = await renewed();
  const listener = lastListener();
  const held = await listener.held();
  world.cloud.balancers.stick(`web-${canary}`);
  await world.check();
  await listener.holdAnother();
  await world.live(hourMs);
  expect(await listener.held()).toBe(held);
  expect(versions()).toEqual([undefined, first, first]);
  expect(world.events().filter(({ type }) => type === 'listener-changed')).toHaveLength(1);
});
