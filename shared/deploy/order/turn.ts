import type { RolloutConfig } from '#shared/config/rollout.ts';
import { isBarred, putAside } from '#shared/ledger/record/chosen.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { placeKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { addMs } from '#shared/time/clock.ts';
import { servedUntilOf } from '../deployment-questions.ts';
import { lasts } from '../rollback/previous-state.ts';

type At = Pick<TargetIdentity, 'key' | 'place'>;

export type TurnSituation = {
  readonly record: CertificateRecord;
  readonly version: Version;
  /** All targets of the certificate, in the order of the configuration. */
  readonly targets: readonly At[];
  /** Null where the configuration names no order. */
  readonly rollout: RolloutConfig | null;
  /** A place key. */
  readonly place: string;
  readonly now: Date;
};

/** Why a place does not get the version yet. */
export type Wait = {
  /** The place that has to serve it first. */
  readonly for: string;
  /** Null where nobody can say when. */
  readonly until: Date | null;
};

/**
 * Returns what a place waits for before it gets a version; null where its turn has come. A place that has begun goes on, and
 * nothing waits that is urgent, that a person has chosen, that takes the place of what is barred or revoked, or whose clients
 * are to have nothing good within a day. Whatever the first places do not serve is no version for the others, so a failure
 * there stops them. Pure.
 */
export function waitOf(situation: TurnSituation): Wait | null {
  const { place, record, rollout, targets, version } = situation;
  if (rollout === null || version.isUrgent || putAside(record)) return null;
  const here = targets.filter((target) => placeKey(target.place) === place);
  const hasBegun = here.some(({ key }) => record.deployments[key]?.versionId === version.id);
  if (hasBegun || isUnwanted(record, here) || endsSoon(situation, here)) return null;
  const stages = stagesOf(rollout, targets);
  const mine = stages.findIndex((stage) => stage.includes(place));
  for (const [at, stage] of stages.slice(0, mine).entries()) {
    const provenForMs = at === 0 && rollout.first.includes(stage[0] ?? '') ? rollout.proveForMs : 0;
    for (const earlier of stage) {
      const wait = waitFor(situation, earlier, provenForMs);
      if (wait) return wait;
    }
  }
  return null;
}

function stagesOf({ first, others }: RolloutConfig, targets: readonly At[]): readonly string[][] {
  const places = [...new Set(targets.map((target) => placeKey(target.place)))];
  const canaries = places.filter((place) => first.includes(place));
  const rest = places.filter((place) => !first.includes(place));
  const following = others === 'one-by-one' ? rest.map((place) => [place]) : [rest];
  return [canaries, ...following].filter((stage) => stage.length > 0);
}

function waitFor(
  { now, record, targets, version }: TurnSituation,
  place: string,
  provenForMs: number,
): Wait | null {
  const times: Date[] = [];
  for (const { key } of targets.filter((target) => placeKey(target.place) === place)) {
    const deployment = record.deployments[key];
    const isServed = deployment?.versionId === version.id && deployment.state === 'proven';
    if (!isServed) return { for: place, until: null };
    times.push(addMs(new Date(deployment.changedAt), provenForMs));
  }
  const until = times.toSorted((one, other) => other.getTime() - one.getTime())[0];
  return until && until > now ? { for: place, until } : null;
}

/** A person has barred what the place serves, or its CA has revoked it. */
function isUnwanted(record: CertificateRecord, here: readonly At[]): boolean {
  return here.some(({ key }) => {
    const version = record.versions.find(({ id }) => id === record.deployments[key]?.versionId);
    return version !== undefined && (isBarred(record, version) || isRevoked(record, version));
  });
}

function endsSoon({ now, record }: TurnSituation, here: readonly At[]): boolean {
  return here.some(({ key }) => {
    const deployment = record.deployments[key];
    const notAfter = deployment ? servedUntilOf(record, deployment) : null;
    return notAfter !== null && !lasts({ notAfter }, now);
  });
}
