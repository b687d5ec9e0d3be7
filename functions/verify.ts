import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { secondsOf } from '#shared/check/dispatch/pieces-of.ts';
import { detectDrift } from '#shared/deploy/drift/detect-drift.ts';
import { s3Rounds } from '#shared/deploy/drift/rounds.ts';
import { proofsOfRun } from '#shared/deploy/verify/run-proofs.ts';
import { sweep } from '#shared/deploy/verify/sweep.ts';
import { verify } from '#shared/deploy/verify/verify.ts';
import { s3VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { executionsOf } from '#shared/limits.ts';
import { carry } from '#shared/queues/carry.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { following } from './compose/following.ts';
import { type ClientsAt, composePlaces } from './compose/places.ts';
import { composeStarter } from './compose/starter.ts';
import { composeProbes, composeTargets } from './compose/targets.ts';
import { type CertificateDelivery, deliveryOf, verifyEvent } from './events.ts';
import type { Foundation } from './foundation.ts';
import { lambdaHandler, type Run } from './handler.ts';

async function compose(
  foundation: Foundation,
): Promise<
  Run<
    | CertificateDelivery
    | { readonly sweep: true }
    | { readonly kind: 'look'; readonly place: string }
  >
> {
  const { config, environment } = foundation;
  const most = Math.floor(capacityOf(executionsOf(config)).seconds.verify / secondsOf.proof);
  const clientsAt = composePlaces(foundation, 'verify');
  const ports = {
    ...foundation,
    functions: composeStarter(foundation),
    targetsOf: await composeTargets(foundation, clientsAt, 'verify'),
    probeIn: await composeProbes(foundation, clientsAt),
    rounds: s3Rounds(foundation.objects),
    lookForTags: await composeTagLook(foundation, clientsAt),
    verifyBook: s3VerifyBook(foundation.objects),
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
    settings: {
      spreadMs: environment.CERTKEEP_SPREAD_MS,
      pollMs: environment.CERTKEEP_POLL_MS,
      patienceMs: Math.min(minuteMs, environment.CERTKEEP_SPREAD_MS),
      resumeMs: Math.min(minuteMs, environment.CERTKEEP_SPREAD_MS),
      reprobeMs: environment.CERTKEEP_REPROBE_MS,
    },
  };
  return async (event, invocation) => {
    if ('sweep' in event) return sweep({ ...ports, most });
    if ('place' in event) return detectDrift(ports, event.place, invocation);
    const proofs = proofsOfRun(ports.verifyBook, foundation.clock);
    const delivery = deliveryOf('verify', event);
    const done = await carry({ ...ports, proofs }, delivery, invocation, {
      work: ({ certificate }, passing) => verify(passing, certificate, invocation),
    });
    await proofs.write();
    return done;
  };
}

/** Its SDK is loaded where the configuration wants it. */
async function composeTagLook(foundation: Foundation, clientsAt: ClientsAt) {
  if (!foundation.config.discovery) return undefined;
  const { composeLookForTags } = await import('./compose/discovery.ts');
  return composeLookForTags(foundation, clientsAt);
}

export const composeVerify = following(compose);

export const handler = lambdaHandler('verify', verifyEvent, composeVerify, { certificate: 'shop' });
