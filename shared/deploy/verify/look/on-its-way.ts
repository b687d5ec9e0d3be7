import type { Deployment } from '#shared/ledger/record/record.ts';
import type { Target, TargetView } from '#shared/targets/target.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import type { Looking } from './look-at-endpoint.ts';
import type { Observation, Where } from './observation.ts';

/** A service that says so for longer is not believed: people hear of it as of any other endpoint. */
const believedMs = dayMs;
/** The wait grows with the time that has passed, so that a day costs few looks. */
const waitShare = 0.1;

type OnItsWay = Pick<Where, 'spreadingSince' | 'settledAt'>;

/** Since when the service says that a change is on its way, or when it was first seen to be there. */
export function wayOf(
  { isSpreading }: Pick<TargetView, 'isSpreading'>,
  former: Deployment['endpoint'],
  at: Date,
): OnItsWay {
  const { settledAt, spreadingSince } = former ?? {};
  if (isSpreading) return { spreadingSince: spreadingSince ?? at.toISOString() };
  if (spreadingSince !== undefined) return { settledAt: at.toISOString() };
  return settledAt === undefined ? {} : { settledAt };
}

/**
 * While the service says that a change is on its way, whatever an endpoint answers says nothing of the others: nothing is
 * contradicted, and nothing proven that was not before. The run does not wait for it: the target comes again.
 */
export function awaited(looking: Looking, observation: Observation): Observation {
  if (looking.spread === undefined) return observation;
  const { clock, deployment, settings } = looking;
  const { verdict, where } = observation;
  const isProof = verdict.outcome === 'proven';
  const isKnown = isProof && deployment?.state === 'proven';
  const isSpreading = isBelieved(where, clock.now()) && !isKnown;
  if (!isSpreading && verdict.outcome !== 'spreading') return observation;
  const detail = isSpreading
    ? `${observation.name}: the change is on its way; ${verdict.detail}`
    : verdict.detail;
  const passedMs = deployment ? clock.now().getTime() - Date.parse(deployment.changedAt) : 0;
  return {
    ...observation,
    verdict: { ...verdict, outcome: 'spreading', detail },
    contradictedSince: isSpreading ? null : observation.contradictedSince,
    comesAgainMs: Math.max(settings.resumeMs, Math.min(waitShare * passedMs, hourMs)),
  };
}

function isBelieved(where: Where | null, now: Date): boolean {
  const since = where?.spreadingSince;
  return since !== undefined && now < addMs(new Date(since), believedMs);
}

/** Says whether the record cannot say what the service says now. */
export function isToBeLookedAt(
  { spread }: Pick<Target, 'spread'>,
  deployment: Deployment | undefined,
): boolean {
  if (spread === undefined) return false;
  return deployment?.state !== 'proven' || deployment.endpoint?.spreadingSince !== undefined;
}

/** Says whether two looks at a target found the same of it, whenever they were. */
export function isSameWhere(one: Where, other: Deployment['endpoint']): boolean {
  const known = ({ lookedAt: _, ...rest }: Where) =>
    JSON.stringify(Object.entries(rest).toSorted(([a], [b]) => (a < b ? -1 : 1)));
  return other !== undefined && known(one) === known(other);
}
