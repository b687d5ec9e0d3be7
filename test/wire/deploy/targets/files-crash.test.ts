import { SSM } from '@aws-sdk/client-ssm';
import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { expect, test } from 'vitest';
import { memoryServer } from '#local/demo/landscape/host-server.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { deployLab, home } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';
import { atEveryEffect, settle } from '#test/support/dies-at-effects.ts';

const names = ['shop.example.com'];
const instance = 'i-0123456789abcdef0';

/** Longer than the lease of a dead run. */
const afterMs = 12 * minuteMs;

/** A host with a certificate of somebody else, which fetches what a command names. */
async function fleet() {
  const lab = await deployLab();
  const { certificatePem, chainPem, keyPem } = await makeCertificate({ names, key: 'rsa-2048' });
  const host = await memoryServer({ key: keyPem, cert: `${certificatePem}${chainPem}` });
  const world = deployWorld(lab, [
    {
      type: 'files',
      probe: `127.0.0.1:${host.port}`,
      push: { document: 'fetch', instances: [instance] },
    },
  ]);
  const parameter = { type: 'String' };
  const parameters = { secret: parameter, version: parameter, region: parameter };
  await new SSM(lab.clientOptions()).createDocument({
    Name: 'fetch',
    DocumentType: 'Command',
    Content: JSON.stringify({ schemaVersion: '2.2', parameters, mainSteps: [] }),
  });
  const ran: string[] = [];
  lab.parameters.addHost({
    ...{ ...home, id: instance, tags: {} },
    isOnline: () => true,
    async run({ parameters: { version = '' } }) {
      ran.push(version);
      const stored = await world.keyStore.readVersion('shop', version.replace('shop-', ''));
      if (!stored?.certificatePem) throw new Error(`there is no ${version}`);
      await host.take({ key: stored.keyPem.reveal(), cert: stored.certificatePem });
    },
  });
  return { lab, world, host, ran };
}

test('a deploy that dies anywhere ends with one command, and the hosts are proven', async () => {
  const effects = await atEveryEffect({
    ...{ fleet, afterMs },
    prepare: async ({ world }) => void (await world.issue('v1')),
    async check({ host, lab, ran, world }) {
      await settle({ lab, world }, 4);
      await world.deploy();
      expect(await world.states()).toEqual(['proven']);
      expect(ran).toEqual(['shop-v1']);
      const [deployment] = Object.values((await world.record()).deployments);
      expect(deployment).toMatchObject({ arn: null, pushed: { lookAt: null } });
      expect(await world.served('127.0.0.1', host.port)).toEqual([deployment?.probe?.serial]);
      expect(world.events.map(({ type }) => type)).toEqual(['served']);
    },
  });
  expect(effects).toBeGreaterThanOrEqual(4);
});

test('a next version after a deploy that died anywhere is one command more', async () => {
  await atEveryEffect({
    ...{ fleet, afterMs },
    async prepare({ lab, world }) {
      await world.issue('v1');
      await world.deploy();
      await settle({ lab, world }, 3);
      await world.issue('v2');
    },
    async check({ lab, ran, world }) {
      await settle({ lab, world }, 4);
      await world.deploy();
      expect(await world.states()).toEqual(['proven']);
      expect(ran).toEqual(['shop-v1', 'shop-v2']);
    },
  });
});
