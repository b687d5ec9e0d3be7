import { minuteMs } from '#shared/clock.ts';
import { sweep } from '#shared/deploy/sweep.ts';
import { verify } from '#shared/deploy/verify.ts';
import { capacityOf } from '#shared/dispatch/capacity.ts';
import { secondsOf } from '#shared/dispatch/pieces-of.ts';
import { executionsOf } from '#shared/limits.ts';
import type { Foundation } from '../foundation.ts';
import type { Run } from '../handler.ts';
import { composePlaces } from './places.ts';
import { composeStarter } from './starter.ts';
import { composeProbe, composeTargets } from './targets.ts';

export function composeVerify(
  foundation: Foundation,
): Run<{ readonly certificate: string } | { readonly sweep: true }> {
  const { config, environment } = foundation;
  const most = Math.floor(capacityOf(executionsOf(config)).verify / secondsOf.proof);
  const ports = {
    ...foundation,
    functions: composeStarter(foundation),
    targetsOf: composeTargets(foundation, composePlaces(foundation, 'verify')),
    probe: composeProbe(foundation),
    retryDelaysMs: environment.CERTKEEP_RETRY_DELAYS_MS,
    settings: {
      spreadMs: environment.CERTKEEP_SPREAD_MS,
      pollMs: environment.CERTKEEP_POLL_MS,
      patienceMs: Math.min(minuteMs, environment.CERTKEEP_SPREAD_MS),
      resumeMs: Math.min(minuteMs, environment.CERTKEEP_SPREAD_MS),
      reprobeMs: environment.CERTKEEP_REPROBE_MS,
    },
  };
  return (event, invocation) =>
    'sweep' in event ? sweep({ ...ports, most }) : verify(ports, event.certificate, invocation);
}
