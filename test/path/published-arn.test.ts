import { SSM } from '@aws-sdk/client-ssm';
import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, expect, test } from 'vitest';
import { importOther } from '#local/demo/landscape/certificates.ts';
import { hourMs } from '#shared/time/clock.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const Name = '/certkeep/shop/certificate-arn';
const region = 'us-east-1';
const ssm = () => new SSM(operatorClient(world.cloud, region));
const published = () => world.cloud.ssm.valueOf(Name, { account: homeAccount, region });
const newest = () => world.record('shop').versions.at(-1)?.serial;
const deployment = () => Object.values(world.record('shop').deployments)[0];
const heldAt = (arn: string | null) =>
  arn === null ? null : world.cloud.acm.find(arn)?.material.latest().leaf.serialNumber;

function put(Value: string) {
  return ssm().putParameter({ Name, Value, Type: 'String', Overwrite: true });
}

const alone = configText('  shop: {names: [example.com], issuer: local, targets: [{type: acm}]}\n');

test('a certificate without a load balancer is imported, published, and renewed on the same ARN', async () => {
  world = await startWorld(alone);
  await world.check();
  await world.live(hourMs);
  const arn = published();
  expect(heldAt(arn)).toBe(newest());
  expect(deployment()).toMatchObject({ state: 'proven', arn, probe: { host: '', serial: null } });
  const first = newest();
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(hourMs);
  expect(newest()).not.toBe(first);
  expect(published()).toBe(arn);
  expect(heldAt(arn)).toBe(newest());
  expect(deployment()).toMatchObject({ state: 'proven', versionId: world.record('shop').desired });
  expect(world.told()).toEqual([]);
  const [, told] = world.events().filter(({ type }) => type === 'served');
  expect(told?.summary).toBe(
    'shop is held by ACM shop (us-east-1, 000000000000), where nobody can ask who serves it',
  );
});

test('what somebody else writes into the parameter is put right within the hour, and told', async () => {
  world = await startWorld(alone);
  await world.check();
  await world.live(hourMs);
  const arn = published();
  await put('arn:aws:acm:us-east-1:000000000000:certificate/11111111-1111-4111-8111-111111111111');
  await world.live(hourMs);
  expect(published()).toBe(arn);
  expect(world.events().filter(({ type }) => type === 'listener-changed')).toHaveLength(1);
});

test('a parameter that is gone is published again', async () => {
  world = await startWorld(alone);
  await world.check();
  await world.live(hourMs);
  const arn = published();
  await ssm().deleteParameter({ Name });
  await world.live(hourMs);
  expect(published()).toBe(arn);
});

test('the ARN of somebody else that the parameter names is imported over where that is wanted', async () => {
  let others = '';
  world = await startWorld(alone.replace('issuer: local', 'issuer: local, adopt: in-place'), {
    async prepare({ cloud, clock }) {
      const authority = await createCertificateAuthority({ name: 'Others', now: clock.now() });
      const place = { account: homeAccount, region };
      others = await importOther(
        { cloud, clock, others: authority },
        place,
        ['example.com'],
        'ecdsa-p256',
      );
      const parameter = { Name, Value: others, Type: 'String' as const };
      await new SSM(operatorClient(cloud, region)).putParameter(parameter);
    },
  });
  await world.check();
  await world.live(hourMs);
  expect(published()).toBe(others);
  expect(heldAt(others)).toBe(newest());
  expect(deployment()).toMatchObject({ state: 'proven', arn: others });
});

test('whoever uses the ARN is asked where the configuration says whom', async () => {
  world = await startWorld(alone.replace('{type: acm}', '{type: acm, probe: www.example.com}'));
  await world.check();
  await world.live(hourMs);
  const probe = deployment()?.probe;
  expect(probe).toMatchObject({ outcome: 'proven', serial: newest() });
  expect(probe?.host).toMatch(/^uses-shop/);
  expect(await world.served('shop')).toEqual(new Set([newest()]));
});

test('a certificate of a staging directory goes where nobody has published another', async () => {
  world = await startWorld(
    alone.replace('termsOfServiceAgreed: true', 'termsOfServiceAgreed: true, staging: true'),
  );
  await world.check();
  await world.live(hourMs);
  await world.check({ certificates: ['shop'], force: true, reason: 'a test' });
  await world.live(hourMs);
  expect(heldAt(published())).toBe(newest());
  expect(deployment()).toMatchObject({ state: 'proven', versionId: world.record('shop').desired });
});
