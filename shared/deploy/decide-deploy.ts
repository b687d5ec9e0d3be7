import type { RolloutConfig } from '#shared/config/rollout.ts';
import {
  type CertificateRecord,
  type Deployment,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { placeKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';
import { deploymentOf, wasChanged } from './deployment-questions.ts';
import { waitOf } from './order/turn.ts';
import { arnToPublish } from './publish/published.ts';

export type DeploySituation = {
  readonly record: CertificateRecord;
  /** All targets of the certificate in the configuration. */
  readonly targets: readonly Pick<TargetIdentity, 'key' | 'place'>[];
  /** The order of its places; null where the configuration names none. */
  readonly rollout: RolloutConfig | null;
  /** A place key. */
  readonly place: string;
  readonly now: Date;
};

export type DeployDecision =
  | { readonly outcome: 'nothing' }
  | { readonly outcome: 'waiting'; readonly reason: string; readonly until: Date }
  | {
      readonly outcome: 'due';
      readonly reason: string;
      /** The version that the place is to serve: the desired one, or its present one while that waits for its turn. */
      readonly version: Version;
      /** The keys of the targets that go back to their previous certificate. */
      readonly rollBack: readonly string[];
      /** The keys of the targets with work to do. */
      readonly open: readonly string[];
    };

/** A place whose turn cannot be foreseen is asked about again with the next run of check. */
const untilAskedAgainMs = 10 * minuteMs;

/** Decides from the record alone whether a place needs a deploy now. check asks it, and deploy again under its lease. */
export function decideDeploy(situation: DeploySituation): DeployDecision {
  const { record, targets, place, now } = situation;
  const version = desiredVersion(record);
  const here = targets.filter((target) => placeKey(target.place) === place);
  if (!version || here.length === 0) return { outcome: 'nothing' };
  const needs = [
    ...here.map(({ key }) => needOf(record.deployments[key], version)),
    needToPublish(record, place, here),
  ].filter((need) => need !== null);
  const due = needs.find(({ from }) => from <= now);
  const rollBack = here.map(({ key }) => key).filter((key) => isToPutBack(record, key, now));
  // A version that was put back on a shared ARN stays there for its time, whatever other targets need.
  const inAcm = record.imports[place]?.versionId ?? version.id;
  const isBack = inAcm !== version.id;
  const openKeys = () => openAmong(here, record, { version, place, now }).map(({ key }) => key);
  const held = needs.find(({ isPutBack, from }) => isPutBack && isBack && from > now);
  if (held && rollBack.length === 0) {
    return { outcome: 'waiting', reason: held.reason, until: held.from };
  }
  const wait = waitOf({ ...situation, version });
  if (wait && rollBack.length === 0) {
    const reason = `${wait.for} has to serve it first`;
    const until = wait.until ?? addMs(now, untilAskedAgainMs);
    return puttingRight(situation, here) ?? { outcome: 'waiting', reason, until };
  }
  if (due) return { outcome: 'due', reason: due.reason, version, rollBack, open: openKeys() };
  const next = needs.toSorted((a, b) => a.from.getTime() - b.from.getTime())[0];
  if (next) return { outcome: 'waiting', reason: next.reason, until: next.from };
  if (hasCleanUp(record, place, now) && !isAwaitingProof(record, here)) {
    const reason = 'an earlier certificate is to be looked at';
    return { outcome: 'due', reason, version, rollBack, open: openKeys() };
  }
  return { outcome: 'nothing' };
}

/** Until its turn comes, a place keeps the version that it has: what somebody changes meanwhile is put right. */
function puttingRight(
  { now, place, record }: DeploySituation,
  here: DeploySituation['targets'],
): DeployDecision | null {
  const version = record.versions.find(({ id }) => id === record.imports[place]?.versionId);
  if (!version) return null;
  const changed = here.filter(({ key }) => {
    const deployment = deploymentOf(record, { version }, key);
    return wasChanged(deployment) && !isWaiting(deployment, version, now);
  });
  if (changed.length === 0) return null;
  const reason = 'somebody has changed the listener';
  return { outcome: 'due', reason, version, rollBack: [], open: changed.map(({ key }) => key) };
}

/**
 * Returns the targets with work to do. A target that is bound, confirmed and left to verify is neither looked at nor
 * written again, and one that waits for its back-off is not touched for the sake of others.
 */
export function openAmong<T extends { readonly key: string }>(
  targets: readonly T[],
  { deployments, imports }: CertificateRecord,
  { version, place, now }: { version: Version; place: string; now: Date },
): readonly T[] {
  const entry = imports[place];
  const isInAcm = entry?.versionId === version.id && entry.importing === null;
  const arn = isInAcm ? entry.arn : null;
  return targets.filter(({ key }) => {
    if (isWaiting(deployments[key], version, now)) return false;
    return !isSettled(deployments[key], version, arn);
  });
}

/** The target is bound, confirmed and left to verify: there is nothing to do. */
function isSettled(deployment: Deployment | undefined, version: Version, arn: string | null) {
  if (deployment?.versionId !== version.id || deployment.pushed?.lookAt) return false;
  // Hosts that fetch it have no ARN.
  if (deployment.arn !== null && deployment.arn !== arn) return false;
  if (deployment.nextProbeAt === null || deployment.drift) return false;
  return ['awaiting-proof', 'proven', 'unknown'].includes(deployment.state);
}

/** Says whether every target has proved at some time that it serves the version. */
export function isProven(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
  version: Pick<Version, 'id'>,
): boolean {
  return targets.every(({ key }) => {
    const deployment = record.deployments[key];
    return deployment?.versionId === version.id && deployment.provenAt !== null;
  });
}

/** While targets move from one ARN to another, ACM cannot yet say what will be true of either. */
export function isAwaitingProof(
  record: CertificateRecord,
  targets: readonly Pick<TargetIdentity, 'key'>[],
): boolean {
  return targets.some(({ key }) => record.deployments[key]?.state === 'awaiting-proof');
}

/** The target failed, was put back or still has to be, and its time has not come: nothing is done to it meanwhile. */
export function isWaiting(deployment: Deployment | undefined, version: Version, now: Date) {
  const need = needOf(deployment, version);
  return need !== null && need.from > now;
}

type Need = { readonly reason: string; readonly from: Date; readonly isPutBack?: boolean };

const atOnce = new Date(0);

function needOf(deployment: Deployment | undefined, version: Version): Need | null {
  if (!deployment) return { reason: 'not deployed yet', from: atOnce };
  const retryFrom = deployment.failure ? new Date(deployment.failure.nextAttemptAt) : atOnce;
  // A version other than the one that failed, or is not served, is tried at once.
  if (deployment.versionId !== version.id) return { reason: 'another version', from: atOnce };
  switch (deployment.state) {
    case 'contradicted':
      return { reason: 'the endpoint serves another certificate', from: retryFrom };
    case 'failed':
      return { reason: 'the last deploy failed', from: retryFrom };
    case 'rolled-back':
      return { reason: 'the last deploy was put back', from: retryFrom, isPutBack: true };
    case 'awaiting-proof':
    case 'proven':
    case 'unknown':
      // The drift was seen after the last try, whose wait has another cause.
      if (deployment.drift) return { reason: 'somebody has changed the listener', from: atOnce };
      // Without a time for verify the change is not confirmed: its run died after the intent.
      if (deployment.nextProbeAt === null)
        return { reason: 'a deploy is unfinished', from: atOnce };
      return deployment.pushed?.lookAt
        ? { reason: 'hosts were told to fetch it', from: new Date(deployment.pushed.lookAt) }
        : null;
  }
}

function needToPublish(
  record: CertificateRecord,
  place: string,
  targets: DeploySituation['targets'],
): Need | null {
  if (arnToPublish(record, place, targets) === null) return null;
  const failure = record.imports[place]?.publishFailure;
  const from = failure ? new Date(failure.nextAttemptAt) : atOnce;
  return { reason: 'its ARN is not published', from };
}

/**
 * A target that was proven once and does not serve the version any more was changed by somebody else: deploy binds it again
 * instead of going back.
 */
function isToPutBack(record: CertificateRecord, key: string, now: Date): boolean {
  const deployment = record.deployments[key];
  if (deployment?.state !== 'contradicted' || deployment.provenAt) return false;
  // Nothing can be said about a version that the record has lost.
  if (!record.versions.some(({ id }) => id === deployment.versionId)) return false;
  if (isOvertaken(record, deployment)) return false;
  return !deployment.failure || new Date(deployment.failure.nextAttemptAt) <= now;
}

/** A newer version is in the place, or on its way there: nothing is put back over it. */
function isOvertaken(record: CertificateRecord, { versionId, place }: Deployment): boolean {
  const entry = record.imports[place];
  const isNewer = record.desired !== versionId;
  return isNewer && (entry?.versionId === record.desired || entry?.importing === record.desired);
}

function hasCleanUp(record: CertificateRecord, place: string, now: Date): boolean {
  const retired = record.imports[place]?.retired ?? [];
  return retired.some(({ lookAgainAt }) => new Date(lookAgainAt) <= now);
}
