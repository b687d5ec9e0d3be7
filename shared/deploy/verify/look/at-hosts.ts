import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import type { Looking } from './look-at-endpoint.ts';
import type { Observation } from './observation.ts';

/** The wait grows with the time that has passed, so that a day costs few looks. */
const waitShare = 0.1;

/**
 * Hosts fetch a version in their own time, some early and some late: until that is over, whatever they serve says nothing,
 * and the run does not wait for it. After it, a host that serves another certificate is behind: people hear of it, and
 * nothing can be put back there.
 */
export function awaitedOfHosts(looking: Looking, observation: Observation): Observation {
  const { clock, fetched, settings } = looking;
  const { verdict } = observation;
  if (!fetched || verdict.outcome === 'proven') return observation;
  const now = clock.now();
  if (isAhead(looking, observation) || now < awaitedUntil(looking, fetched.withinMs, observation)) {
    const passedMs = now.getTime() - changedAtOf(looking).getTime();
    return {
      ...observation,
      verdict: { ...verdict, outcome: 'spreading', detail: `not everywhere: ${verdict.detail}` },
      contradictedSince: null,
      comesAgainMs: Math.max(settings.resumeMs, Math.min(waitShare * passedMs, hourMs)),
    };
  }
  if (!isBehind(looking, observation)) return observation;
  return { ...observation, verdict: { ...verdict, outcome: 'unknown', error: 'HostsBehind' } };
}

/** Only those that were not proven yet are awaited: the others had it. At least an hour, and not into the last day of what is served. */
function awaitedUntil(looking: Looking, withinMs: number, { verdict }: Observation): Date {
  const at = changedAtOf(looking);
  if (looking.deployment?.state === 'proven') return at;
  const until = addMs(at, withinMs);
  const ends = verdict.served?.notAfter;
  if (!ends || addMs(ends, -dayMs) >= until) return until;
  const soonest = addMs(at, Math.min(withinMs, hourMs));
  const last = addMs(ends, -dayMs);
  return last > soonest ? last : soonest;
}

/** They serve a newer version of ours: they look at the key store by themselves, and the place has yet to get it. */
function isAhead({ record, version }: Looking, { verdict }: Observation): boolean {
  return record.versions.some(
    (each) =>
      each.id !== version.id &&
      each.fingerprintSha256 === verdict.fingerprintSha256 &&
      (each.id === record.desired || each.notBefore > version.notBefore),
  );
}

/** Something else answers, as against nothing. */
function isBehind({ version }: Looking, { verdict }: Observation): boolean {
  if (verdict.outcome === 'contradicted') return true;
  const { fingerprintSha256, outcome } = verdict;
  return (
    outcome === 'unknown' &&
    fingerprintSha256 !== null &&
    fingerprintSha256 !== version.fingerprintSha256
  );
}

function changedAtOf({ deployment, firstAt }: Looking): Date {
  return deployment ? new Date(deployment.changedAt) : firstAt;
}
