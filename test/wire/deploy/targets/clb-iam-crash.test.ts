import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { hourMs } from '#shared/time/clock.ts';
import { deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';
import { testDeaths } from '#test/support/target-deaths.ts';

async function fleet() {
  const lab = await deployLab();
  const foreignArn = await lab.imported(await makeCertificate({ key: 'rsa-2048' }));
  const port = await lab.createClb('legacy', foreignArn);
  const target = { type: 'clb', loadBalancer: 'legacy', port, store: 'iam' } as const;
  // A long back-off, so that a run does not try again what was put back.
  const world = deployWorld(lab, [target], { store: 'iam', retryDelaysMs: [hourMs] });
  return {
    ...{ lab, world, foreignArn },
    bound: () => lab.clbHolds('legacy'),
    stick: () => lab.balancers.stick('legacy'),
  };
}

testDeaths(fleet, 6);
