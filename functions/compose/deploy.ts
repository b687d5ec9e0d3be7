import { SSMClient } from '@aws-sdk/client-ssm';
import { ssmArnPublisher } from '#shared/aws/ssm-arn-publisher.ts';
import type { CertificateManager } from '#shared/deploy/acm.ts';
import { awsCertificateManager } from '#shared/deploy/acm-client.ts';
import { deploy } from '#shared/deploy/deploy.ts';
import type { ArnPublisher } from '#shared/deploy/publish.ts';
import { type Place, placeKey } from '#shared/place.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';
import { composeKeyStore } from './key-store.ts';
import { composePlaces } from './places.ts';
import { composeProbe, composeTargets } from './targets.ts';

export function composeDeploy(
  foundation: Foundation,
): Run<{ readonly certificate: string; readonly place: string }> {
  const { clock, environment } = foundation;
  const clientsAt = composePlaces(foundation, 'deploy');
  const managers = new Map<string, CertificateManager>();

  /** One per place and container: it paces its imports. */
  function certificateManagerFor(place: Place): CertificateManager {
    const key = placeKey(place);
    const known = managers.get(key);
    if (known) return known;
    const manager = awsCertificateManager({ options: clientsAt(place), clock });
    managers.set(key, manager);
    return manager;
  }

  function publisherFor(place: Place): ArnPublisher {
    return ssmArnPublisher(new SSMClient(clientsAt(place)));
  }

  const ports = {
    ...foundation,
    installation: environment.CERTKEEP_INSTALLATION,
    keyStore: composeKeyStore(foundation),
    certificateManagerFor,
    publisherFor,
    targetsOf: composeTargets(foundation, clientsAt),
    probe: composeProbe(foundation),
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
  };
  return (work, invocation) => deploy(ports, work, invocation);
}
