import { afterEach, expect, test } from 'vitest';
import { awsCertificateManager } from '#shared/deploy/import/acm-client.ts';
import { Secret } from '#shared/secret.ts';
import { type DeployLab, deployLab } from '#test/support/deploy-lab.ts';
import { deployStage, foreignArn } from '#test/support/deploy-stage.ts';
import { freeLane } from '#test/support/free-lane.ts';
import { selfSigned } from '#test/support/self-signed.ts';

let lab: DeployLab | undefined;
afterEach(async () => {
  await lab?.close();
  lab = undefined;
});

test('a certificate without a chain and with nothing but a common name is taken, and has that name', async () => {
  lab = await deployLab();
  const { clock } = lab;
  const manager = awsCertificateManager({ options: lab.clientOptions(), clock, lane: freeLane });
  const { keyPem, ...made } = await selfSigned('pay.example.com', clock.now());
  const result = await manager.import({ ...made, keyPem: new Secret(keyPem), arn: null, tags: {} });
  if (result.outcome !== 'imported') throw new Error(result.detail);
  const held = await manager.describe(result.arn);
  expect(held).toMatchObject({ names: ['pay.example.com'], serial: made.serial });
});

test.each(['new-arn', 'in-place'] as const)(
  'one whose names are not known is not replaced, whatever it stands for: %s',
  async (adopt) => {
    const stage = deployStage({ adopt, foreign: { names: [] } });
    await stage.issue('v1');
    await stage.deploy();
    expect(stage.target.held).toEqual([foreignArn]);
    expect(stage.acm.held.get(foreignArn)?.serial).toBe('F0');
    const [deployment] = Object.values((await stage.record()).deployments);
    expect(deployment?.failure?.error).toBe('NamesWouldBeLost');
  },
);
