import type { CertificateRecord, Deployment } from '#shared/ledger/record/record.ts';
import { nextStep } from '#shared/targets/next-step.ts';
import type { Held, Position } from '#shared/targets/target.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { driftAt } from '../deployment-questions.ts';
import { arrangementOf } from '../rebind/arrangement.ts';

/** A recent change of ours, and a look at it, are not drift. */
const settlesAfterMs = 5 * minuteMs;

/**
 * Says whether the target's wanted state is known, so that anything else is somebody's change. It keeps what it has while a
 * newer version waits for its turn.
 */
export function isSettled(
  deployment: Deployment | undefined,
  now: Date,
): deployment is Deployment & { readonly arn: string } {
  if (!deployment?.arn || deployment.drift) return false;
  if (deployment.nextProbeAt === null) return false;
  return addMs(new Date(deployment.changedAt), settlesAfterMs) <= now;
}

/** Returns what a listener holds instead of its wanted state; null where it is correct. */
export function driftOf(
  record: Pick<CertificateRecord, 'imports'>,
  { arn, place }: Deployment & { readonly arn: string },
  { position, ...held }: Held & { readonly position: Position },
  now: Date,
): Deployment['drift'] | null {
  const superseded = (record.imports[place]?.retired ?? []).map((each) => each.arn);
  const wanted = arrangementOf({ position, ...held }, arn, superseded);
  return nextStep(held, wanted) === null ? null : driftAt(held, now);
}
