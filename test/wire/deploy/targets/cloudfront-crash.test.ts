import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld, place } from '#test/support/deploy-world.ts';
import { atEveryEffect, settle } from '#test/support/dies-at-effects.ts';

const names = ['shop.example.com'];
/** Longer than the lease of a dead run, and than a deployment of CloudFront. */
const afterMs = 12 * minuteMs;

async function fleet() {
  const lab = await deployLab();
  const foreign = await makeCertificate({ names, key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  const { id } = await lab.createDistribution(names, foreignArn);
  const target = { type: 'cloudfront', distribution: id } as const;
  // A long back-off, so that a run does not try again what was put back.
  const world = deployWorld(lab, [target], { retryDelaysMs: [hourMs] });
  const bound = async () => (await lab.distributionConfig(id)).ViewerCertificate?.ACMCertificateArn;
  return { lab, world, id, foreignArn, bound };
}

test('a first deploy that dies anywhere ends with one certificate in ACM, bound once and proven', async () => {
  const effects = await atEveryEffect({
    ...{ fleet, afterMs },
    prepare: async ({ world }) => void (await world.issue('v1')),
    async check({ lab, world, bound }) {
      await settle({ lab, world }, 4);
      expect(lab.certificates.certificates()).toHaveLength(2);
      expect(await bound()).toBe((await world.record()).imports[place]?.arn);
      expect(await world.states()).toEqual(['proven']);
      expect(world.events.map(({ type }) => type)).toEqual(['served']);
    },
  });
  expect(effects).toBeGreaterThan(6);
});

test('a way back that dies anywhere ends with the certificate of before, found by its mark', async () => {
  await atEveryEffect({
    ...{ fleet, afterMs },
    async prepare({ lab, id, world }) {
      await world.issue('v1');
      lab.balancers.stick(id);
      await world.deploy();
      await settle({ lab, world }, 10);
      expect(await world.states()).toEqual(['contradicted']);
    },
    async check({ world, bound, foreignArn }) {
      expect(await world.states()).toEqual(['rolled-back']);
      expect(await bound()).toBe(foreignArn);
    },
  });
});
