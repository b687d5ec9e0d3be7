import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld, place } from '#test/support/deploy-world.ts';
import { atEveryEffect, settle } from '#test/support/dies-at-effects.ts';

const domain = 'api.example.com';
/** Longer than the lease of a dead run, and than an update of a Regional domain name. */
const afterMs = 12 * minuteMs;

async function fleet() {
  const lab = await deployLab();
  const foreign = await makeCertificate({ names: [domain], key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  await lab.createDomainName(domain, foreignArn);
  const target = { type: 'api-gateway', domain, endpoint: 'regional' } as const;
  // A long back-off, so that a run does not try again what was put back.
  const world = deployWorld(lab, [target], { name: domain, retryDelaysMs: [hourMs] });
  return { lab, world, foreignArn, bound: () => lab.boundAt(domain) };
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
  // The turn is an effect of its own.
  expect(effects).toBeGreaterThan(7);
});

test('a way back that dies anywhere ends with the certificate of before, found by its mark', async () => {
  await atEveryEffect({
    ...{ fleet, afterMs },
    async prepare({ lab, world }) {
      await world.issue('v1');
      lab.balancers.stick(`domain ${domain}`);
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
