import { makeCertificate } from 'local-cloud/kit/certificates.ts';
import { hourMs } from '#shared/time/clock.ts';
import { deployLab } from '#test/support/deploy-lab.ts';
import { deployWorld } from '#test/support/deploy-world.ts';
import { testDeaths } from '#test/support/target-deaths.ts';

const names = ['shop.example.com'];

async function fleet() {
  const lab = await deployLab();
  const foreign = await makeCertificate({ names, key: 'rsa-2048' });
  const foreignArn = await lab.imported(foreign);
  const { id } = await lab.createDistribution(names, foreignArn);
  const target = { type: 'cloudfront', distribution: id } as const;
  // A long back-off, so that a run does not try again what was put back.
  const world = deployWorld(lab, [target], { retryDelaysMs: [hourMs] });
  return {
    ...{ lab, world, foreignArn },
    bound: async () => (await lab.distributionConfig(id)).ViewerCertificate?.ACMCertificateArn,
    stick: () => lab.balancers.stick(id),
  };
}

testDeaths(fleet, 7);
