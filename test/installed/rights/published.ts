import { SSM } from '@aws-sdk/client-ssm';
import { createCertificateAuthority } from 'local-cloud/ca/x509.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { importOther } from '#local/demo/landscape/certificates.ts';
import { configText } from '#test/support/fleet.ts';
import type { World } from '#test/support/world.ts';
import { healthy, hour, type Scenario } from './scenario.ts';

const region = 'us-east-1';
const Name = '/certkeep/shop/certificate-arn';

/** The parameter names somebody else's certificate at first, and that comes back once. */
export const published: Scenario = {
  name: 'an ARN is published instead of that of another certificate, which is marked there',
  source: configText(
    '  shop: {names: [example.com], issuer: local, targets: [{type: acm, probe: shop.example.com}]}\n',
  ),
  async run(world) {
    const theirs = await publishTheirs(world);
    await world.check();
    await world.live(hour);
    await new SSM(operatorClient(world.cloud, region)).putParameter({
      ...{ Name, Value: theirs, Type: 'String', Overwrite: true },
    });
    await world.live(hour);
  },
  problems: healthy,
};

async function publishTheirs({ cloud, clock }: World): Promise<string> {
  const others = await createCertificateAuthority({ name: 'Others', now: clock.now() });
  const place = { account: homeAccount, region };
  const arn = await importOther({ cloud, clock, others }, place, ['example.com'], 'ecdsa-p256');
  const parameter = { Name, Value: arn, Type: 'String' as const };
  await new SSM(operatorClient(cloud, region)).putParameter(parameter);
  return arn;
}
