import type { Position, TargetView } from '#shared/targets/target.ts';
import { isBound } from '../../rebind/arrangement.ts';
import { type Looking, mayPass } from './look-at-endpoint.ts';
import type { EndpointLook } from './observation.ts';

/**
 * A target without an endpoint proves what it holds, and no more: the ARN that others are told to use. Deploy has read back
 * that the version is imported there.
 */
export function lookAtHolding(
  looking: Looking,
  { position, view }: { readonly position: Position; readonly view: TargetView },
): EndpointLook {
  const { deployment, version } = looking;
  const unseen = { serial: null, fingerprintSha256: null, served: null };
  const contradictedSince = null;
  const arn = deployment?.arn ?? null;
  if (arn !== null && isBound({ ...view, position }, arn)) {
    const detail = `${view.name} holds it; nobody can ask who serves it`;
    const verdict = { outcome: 'proven', ...unseen, detail } as const;
    return { verdict, contradictedSince, servedUntil: new Date(version.notAfter).toISOString() };
  }
  const detail = `${view.name} holds ${view.default ?? 'nothing'}`;
  const verdict = { outcome: outcomeOf(looking), ...unseen, detail };
  return { verdict, contradictedSince, servedUntil: null };
}

/** Deploy puts right what somebody has changed since. */
function outcomeOf(looking: Looking): 'spreading' | 'contradicted' | 'unknown' {
  if (mayPass(looking)) return 'spreading';
  return looking.deployment?.provenAt ? 'contradicted' : 'unknown';
}
