import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { hourMs } from '#shared/time/clock.ts';
import { deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';
import { testDeaths } from '#test/support/target-deaths.ts';

const domain = 'api.example.com';

async function fleet() {
  const lab = await deployLab();
  const foreign = await makeCertificate({ names: [domain], key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  await lab.createDomainName(domain, foreignArn);
  const target = { type: 'api-gateway', domain, endpoint: 'regional' } as const;
  // A long back-off, so that a run does not try again what was put back.
  const world = deployWorld(lab, [target], { name: domain, retryDelaysMs: [hourMs] });
  return {
    ...{ lab, world, foreignArn },
    bound: () => lab.boundAt(domain),
    stick: () => lab.balancers.stick(`domain ${domain}`),
  };
}

// The turn is an effect of its own.
testDeaths(fleet, 8);
