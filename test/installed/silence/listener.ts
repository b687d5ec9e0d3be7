import { ACMClient, ImportCertificateCommand } from '@aws-sdk/client-acm';
import {
  DeleteListenerCommand,
  ElasticLoadBalancingV2Client,
  ModifyListenerCommand,
} from '@aws-sdk/client-elastic-load-balancing-v2';
import { importInput, makeCertificate } from 'local-cloud/kit/certificates.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import type { Stage } from './stage.ts';

const region = 'us-east-1';

/** Somebody deletes the listener of shop. */
export async function deleteListener({ world }: Stage): Promise<void> {
  const elb = new ElasticLoadBalancingV2Client(operatorClient(world.cloud, region));
  await elb.send(new DeleteListenerCommand({ ListenerArn: listenerOf(world) }));
}

/** Somebody gives the listener of shop a certificate for another name. */
export async function replaceCertificate({ world }: Stage): Promise<void> {
  const options = operatorClient(world.cloud, region);
  const made = await makeCertificate({ names: ['pay.example.com'] });
  const imported = await new ACMClient(options).send(
    new ImportCertificateCommand(importInput(made)),
  );
  // ELB does not know a new certificate at once.
  world.clock.advance(10_000);
  const { CertificateArn } = imported;
  const wish = { ListenerArn: listenerOf(world), Certificates: [{ CertificateArn }] };
  await new ElasticLoadBalancingV2Client(options).send(new ModifyListenerCommand(wish));
}

function listenerOf({ landscape }: Stage['world']): string {
  const target = landscape.config.certificates.find(({ id }) => id === 'shop')?.targets[0];
  if (target?.type !== 'alb') throw new Error('shop has no listener');
  return target.listener;
}
