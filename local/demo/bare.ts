import { once } from 'node:events';
import { CreateHostedZoneCommand, Route53Client } from '@aws-sdk/client-route-53';
import { startCloud } from 'local-cloud/cloud.ts';
import { operator, operatorClient } from 'local-cloud/operator.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { announceKeptCloud, forgetKeptCloud } from '#cli/reach/kept-cloud.ts';
import { systemClock } from '#shared/time/clock.ts';
import { bootstrapAt } from './bootstrap.ts';
import { consistency } from './consistency.ts';
import { fleet } from './fleet.ts';
import { createByHand } from './landscape/by-hand.ts';

const region = 'us-east-1';
const zone = 'example.com';

/**
 * Keeps a cloud in which certkeep is not installed, as somebody's account is in the first hour: a zone, a load balancer and
 * certificates that nobody renews.
 */
export async function keepBare(onStep: (step: string) => void): Promise<void> {
  const interrupted = Promise.race([once(process, 'SIGINT'), once(process, 'SIGTERM')]);
  const cloud = await startCloud({ clock: systemClock, consistency });
  await cloud.iam.prepare();
  const { accessKeyId, secretAccessKey } = operator;
  const kept = {
    ...{ endpoint: cloud.endpoint, region, account: homeAccount, installation: 'certkeep' },
    credentials: { accessKeyId, secretAccessKey },
    resolver: cloud.dns.address,
  };
  try {
    const route53 = new Route53Client(operatorClient(cloud, region));
    await route53.send(new CreateHostedZoneCommand({ Name: zone, CallerReference: zone }));
    await bootstrapAt(cloud, { account: homeAccount, region });
    await createByHand({ cloud, clock: systemClock, onStep, region }, fleet.byHand);
    announceKeptCloud(kept);
    console.log(invitation);
    await interrupted;
  } finally {
    forgetKeptCloud(kept);
    await cloud.close();
  }
}

const invitation = `
A cloud without certkeep, in which nobody renews what somebody imported by hand.
It keeps running until Ctrl-C. In another shell:

  npx certkeep init --local
`;
