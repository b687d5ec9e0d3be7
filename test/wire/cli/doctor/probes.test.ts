import { afterAll, beforeAll, expect, test } from 'vitest';
import { listeners } from '#cli/prepare/doctor/checks/listeners.ts';
import { probes } from '#cli/prepare/doctor/checks/probes.ts';
import { type DoctorLab, doctorLab } from '#test/support/doctor-lab.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';

const network = { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
const withProbe = `places: {"000000000000/us-east-1": {probe: ${JSON.stringify(network)}}}\n`;
const shop = `  shop: {names: [example.com], issuer: local, targets: [{type: alb, listener: "${listenerArn('private-shop')}"}]}\n`;

let lab: DoctorLab;
beforeAll(async () => {
  lab = await doctorLab(configText(shop));
});
afterAll(() => lab?.close());

test('an internal load balancer without a probe is warned of, and with one it is not', async () => {
  const found = await lab.findings(listeners, lab.configText);
  expect(found.map(({ mark }) => mark)).toEqual(['warning', 'ok']);
  expect(found[0]?.text).toMatch(/^private-shop:\d+ is internal/);
  expect(found[0]?.say).toContain('"probe:" of 000000000000/us-east-1');
  const asked = await lab.findings(listeners, lab.configText + withProbe);
  expect(asked.map(({ mark }) => mark)).toEqual(['ok']);
});

test('a probe is not there before it is deployed, then elsewhere, and then ready', async () => {
  const text = lab.configText + withProbe;
  const found = () => lab.findings(probes, text);
  expect(await found()).toMatchObject([{ mark: 'warning', command: 'npx cdk deploy --all' }]);
  const arn = 'arn:aws:lambda:us-east-1:000000000000:function:certkeep-inside';
  const put = (subnets: readonly string[]) =>
    lab.cloud.lambda.functions.set(arn, {
      ...{ name: 'certkeep-inside', arn, account: '000000000000', region: 'us-east-1' },
      ...{ codeDirectory: 'nowhere', timeoutMs: 20_000, memoryMb: 512, architecture: 'arm64' },
      ...{ environment: {}, roleArn: 'none', logGroup: '/aws/lambda/certkeep-inside' },
      network: { ...network, subnets },
    });
  put(['subnet-0b1b2c3d']);
  expect(await found()).toMatchObject([
    { mark: 'warning', text: expect.stringContaining('another network') },
  ]);
  put(network.subnets);
  expect(await found()).toMatchObject([{ mark: 'ok' }]);
  expect(await lab.findings(probes, lab.configText)).toEqual([]);
});
