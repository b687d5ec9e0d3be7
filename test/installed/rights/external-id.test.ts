import { AssumeRoleCommand, STSClient } from '@aws-sdk/client-sts';
import { allow, policy, roleArn, trusting } from 'local-cloud/kit/iam-lab.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { roleSession } from 'local-cloud/wire/accounts.ts';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { hourMs } from '#shared/time/clock.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

const elsewhere = { region: 'eu-central-1', account: '222222222222' };
const externalId = '5e0f8f4e-6a3d-4b0e-9d55-0a3f4f2a7c11';

let world: World;
beforeAll(async () => {
  const web = listenerArn('web', 'a');
  const source = configText(`
  shop:
    names: [example.com]
    issuer: local
    targets:
      - {type: alb, listener: "${listenerArn('far', '1', elsewhere)}"}
  portal: {names: [portal.example.net], issuer: local}
`).replace(
    '- type: route53',
    `- {type: alb-http01, listener: "${web}", selector: {dnsZones: [example.net]}}
  - type: route53`,
  );
  world = await startWorld(`${source}externalId: ${externalId}\n`, { mayDeny: true });
  await world.check();
  await world.live(hourMs);
});
afterAll(() => world?.close());

test('functions send the external id where they assume a role, in another account and at a listener', async () => {
  expect(world.denied()).toEqual([]);
  expect(world.record('portal').desired).not.toBeNull();
  expect(await world.served('shop')).toEqual(new Set([world.record('shop').versions[0]?.serial]));
});

test.each([
  ['deploy', 'certkeep-us-east-1-place', elsewhere.account],
  ['verify', 'certkeep-us-east-1-place-reader', elsewhere.account],
  ['issue', 'certkeep-us-east-1-http01', '000000000000'],
])(
  'a role of the name of %s, made by whoever may, does not get in without it',
  async (name, place, account) => {
    const { cloud } = world;
    const arn = roleArn(`certkeep-us-east-1-${name}`);
    const policies = [{ name: 'all', document: policy(allow('*', '*')) }];
    cloud.iam.putRole({ arn, trustPolicy: trusting({ AWS: '*' }), policies });
    const identity = roleSession({ role: arn, sessionName: 'impostor', caller: null });
    const accessKeyId = `AKIAIMPOSTOR${name.toUpperCase()}`;
    if (identity) cloud.accounts.register(accessKeyId, identity);
    const credentials = { accessKeyId, secretAccessKey: 'secret' };
    const sts = new STSClient({ ...operatorClient(cloud, 'us-east-1'), credentials });
    const asked = { RoleArn: roleArn(place, account), RoleSessionName: 'impostor' };
    const take = (more = {}) => sts.send(new AssumeRoleCommand({ ...asked, ...more }));
    await expect(take()).rejects.toThrow(/not authorized to perform: sts:AssumeRole/);
    await expect(take({ ExternalId: 'a-guess-of-somebody' })).rejects.toThrow(/not authorized/);
    expect((await take({ ExternalId: externalId })).Credentials).toBeDefined();
  },
);
