import { SQSClient } from '@aws-sdk/client-sqs';
import { SSMClient } from '@aws-sdk/client-ssm';
import { ssmArnPublisher } from '#shared/adapters/ssm-arn-publisher.ts';
import { deploy } from '#shared/deploy/deploy.ts';
import { sqsLaterQueue } from '#shared/deploy/turns/later-client.ts';
import { oncePerPlace, parsePlaceKey } from '#shared/place.ts';
import { carry } from '#shared/queues/carry.ts';
import { sendIfPossible } from '#shared/queues/hand-over.ts';
import type { ProofWork } from '#shared/queues/work.ts';
import { following } from './compose/following.ts';
import { composeKeyStore } from './compose/key-store.ts';
import { composePlaces } from './compose/places.ts';
import { composeStores } from './compose/stores.ts';
import { composeProbes, composeTargets } from './compose/targets.ts';
import { type CertificateDelivery, placeMessage } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

type DeployWork = CertificateDelivery & { readonly place: string };

async function compose(foundation: Foundation): Promise<Run<DeployWork | ProofWork>> {
  const { environment } = foundation;
  const clientsAt = composePlaces(foundation, 'deploy');
  const probeIn = await composeProbes(foundation, clientsAt);
  const ports = {
    ...foundation,
    installation: environment.CERTKEEP_INSTALLATION,
    keyStore: await composeKeyStore(foundation),
    certificateManagerFor: await composeStores(foundation, clientsAt),
    publisherFor: oncePerPlace((place) => ssmArnPublisher(new SSMClient(clientsAt(place)))),
    targetsOf: await composeTargets(foundation, clientsAt, 'deploy'),
    later: composeLater(foundation),
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
  };
  return async (work, invocation) => {
    if ('kind' in work) {
      const { composeRightsProof } = await import('./compose/rights-proof.ts');
      return composeRightsProof(ports, clientsAt)(work, invocation);
    }
    const { also, certificate, died, place, ...delivery } = work;
    const probe = probeIn(parsePlaceKey(place));
    const message = { kind: 'deploy', certificate, place, also, ...(died && { died }) } as const;
    return carry(ports, { message, ...delivery }, invocation, {
      work: (one, passing) =>
        deploy({ ...passing, probe }, { certificate: one.certificate, place }, invocation),
      passOn: (one, passing) =>
        sendIfPossible(passing, { kind: 'verify', certificate: one.certificate }, 'died'),
    });
  };
}

/** It is there where some target waits for turns. */
function composeLater({ clients, clock, environment }: Foundation) {
  const queueUrl = environment.CERTKEEP_LATER_QUEUE_URL;
  if (queueUrl === '') return undefined;
  return sqsLaterQueue({ client: new SQSClient(clients()), queueUrl, clock });
}

export const composeDeploy = following(compose);

export const handler = lambdaHandler('deploy', placeMessage, composeDeploy, {
  certificate: 'shop',
  place: '123456789012/us-east-1',
});
