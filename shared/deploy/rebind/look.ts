import { type CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Change } from '#shared/ledger/lease.ts';
import type { Target } from '#shared/targets/target.ts';
import type { DeployContext, Look } from '../context.ts';
import { failing } from '../record-failure.ts';

/** The results of looking at a group of targets. */
export type Looks = {
  readonly looks: readonly Look[];
  /** The changes to write for targets that could not be looked at. */
  readonly changes: readonly Change[];
  /** An error that one target met, and that holds for all targets in the place. */
  readonly unreachable: CertkeepError | null;
};

/** Looks at all targets of a group at once, so that their client can ask for many with one call. */
export async function lookAt(run: DeployContext, targets: readonly Target[]): Promise<Looks> {
  const seen = await Promise.allSettled(targets.map((target) => target.look()));
  const looks: Look[] = [];
  const changes: Change[] = [];
  let unreachable: CertkeepError | null = null;
  for (const [index, target] of targets.entries()) {
    const result = seen[index] as (typeof seen)[number];
    if (result.status === 'fulfilled') looks.push({ target, view: result.value });
    else if (isCertkeepError(result.reason, 'PlaceNotReachable')) unreachable = result.reason;
    else changes.push(failing(run, failureOf(target.key, target.key, result.reason)));
  }
  return { looks, changes, unreachable };
}

/** Describes a failure of one target, by its key and its name for people. */
export function failureOf(key: string, name: string, error: unknown) {
  return { keys: [key], subject: { key, name }, error, stage: 'rebind' } as const;
}
