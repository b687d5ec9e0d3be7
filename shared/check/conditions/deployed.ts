import { waitOf } from '#shared/deploy/order/turn.ts';
import { changesADay } from '#shared/deploy/rebind/contested.ts';
import { isTurn } from '#shared/ledger/backoff.ts';
import { isAsked } from '#shared/ledger/record/asked.ts';
import {
  type AcmImport,
  type Deployment,
  desiredVersion,
  type Failure,
  type Version,
} from '#shared/ledger/record/record.ts';
import { networkKey, parsePlaceKey, placeKey } from '#shared/place.ts';
import type { TargetIdentity } from '#shared/targets/target-plugin.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { type CertificateFacts, targetsOf } from './certificate-facts.ts';
import {
  dangerMeanwhile,
  dangerOf,
  dateOf,
  type Finding,
  judged,
  lifetimeOfVersion,
  type Stake,
  unaffected,
  well,
} from './finding.ts';
import { nameOf, placeName, servedAt } from './served-at.ts';

/** A deploy and its proof take minutes; a day where a fleet is renewed at once. A short life leaves a tenth of it. */
const withinMs = dayMs;
const shareOfLife = 1 / 10;

/** Says of each target whether it is given the certificate, and whether its endpoint was seen to serve it. */
export function targetFindings(facts: CertificateFacts): readonly Finding[] {
  const version = desiredVersion(facts.record);
  if (!version) return [];
  return targetsOf(facts).flatMap((target) => {
    const at = situationOf(facts, version, target);
    return [deployed(at), served(at)];
  });
}

type Situation = {
  readonly facts: CertificateFacts;
  readonly version: Version;
  readonly about: string;
  readonly place: string;
  readonly placeKey: string;
  /** Null where the target has never been tried with this version. */
  readonly deployment: Deployment | null;
  readonly stake: Stake;
  readonly patienceMs: number;
  /** How long the place waits for others by the order of the configuration. */
  readonly orderMs: number;
};

function situationOf(facts: CertificateFacts, version: Version, target: TargetIdentity): Situation {
  const { config, record } = facts;
  const known = record.deployments[target.key];
  const where = nameOf(config, target, known);
  const lifetimeMs = lifetimeOfVersion(version);
  const seen = servedAt(facts, target);
  return {
    facts,
    version,
    about: where,
    place: placeName(config.home, placeKey(target.place)),
    placeKey: placeKey(target.place),
    deployment: known?.versionId === version.id ? known : null,
    stake: { ...(seen ?? { clients: 'not-yet', where, hurtsAt: null }), lifetimeMs },
    patienceMs: Math.min(withinMs, (lifetimeMs ?? withinMs) * shareOfLife),
    orderMs: orderMsOf(facts, version, placeKey(target.place)),
  };
}

/** The first places wait for nobody, and nothing waits that is urgent. */
function orderMsOf(
  { certificate }: CertificateFacts,
  { isUrgent }: Version,
  place: string,
): number {
  const { rollout } = certificate;
  if (!rollout || isUrgent || rollout.first.length === 0) return 0;
  return rollout.first.includes(place) ? 0 : rollout.proveForMs;
}

function deployed(at: Situation): Finding {
  const { about, deployment, facts, version } = at;
  if (!deployment) {
    const message = `the certificate of ${dateOf(version.issuedAt)} has not reached ${about}${whyNot(at)}`;
    return pending(at, 'Deployed', { reason: 'DeployPending', late: 'DeployOverdue', message });
  }
  const { drift, failure, nextProbeAt, state } = deployment;
  if (failure && state === 'rolled-back') {
    const message = `${about} was put back to what it had before: ${failure.error}: ${failure.message}`;
    const { error: reason, nextAttemptAt } = failure;
    const danger = dangerOf(at.stake, facts.now);
    return { type: 'Deployed', about, status: 'false', reason, message, danger, nextAttemptAt };
  }
  const waits = state === 'failed' && failure !== null && isTurn(failure.error);
  if (failure && state === 'failed' && !waits) return failed(at, failure);
  if (drift || changesWithinDay(deployment, facts) > 0) return changedByOthers(at, deployment);
  if (failure && waits) {
    // The certificate may be older than the target, or than the change that is put right.
    const { changedAt: from } = deployment;
    const { message } = failure;
    const finding = { reason: 'DeployPending', late: 'DeployOverdue', message };
    return { ...pending(at, 'Deployed', finding), from };
  }
  if (nextProbeAt === null && state === 'awaiting-proof') {
    const message = `a deploy to ${about} is under way`;
    return pending(at, 'Deployed', { reason: 'DeployPending', late: 'DeployOverdue', message });
  }
  return well('Deployed', `${about} is given it`, about);
}

/** Says for whom the place of a target waits by the order of the configuration. */
function whyNot({ facts, placeKey: place, version }: Situation): string {
  const { certificate, config, now, record } = facts;
  const { rollout = null } = certificate;
  const targets = targetsOf(facts);
  const wait = waitOf({ record, version, targets, rollout, place, now });
  if (!wait) return '';
  const where = placeName(config.home, wait.for);
  const since = rollout && rollout.proveForMs > 0 ? ' for long enough' : '';
  return `: ${where} has to serve it first${since}`;
}

/** Once may be a person's mistake; a second time within a day it is a machine, which will do it again. */
function isContested(deployment: Deployment, facts: CertificateFacts): boolean {
  return changesWithinDay(deployment, facts) > 1;
}

/**
 * How often certkeep has put the target right within a day: so long people hear of it, or until one of them asks to retry,
 * and so has seen it.
 */
function changesWithinDay(
  { changes = [] }: Deployment,
  { now, record: { retried } }: Pick<CertificateFacts, 'now' | 'record'>,
): number {
  const dayAgo = addMs(now, -dayMs).toISOString();
  const since = retried && retried.at > dayAgo ? retried.at : dayAgo;
  return changes.filter(({ at, why }) => why === 'to-put-right' && at >= since).length;
}

function changedByOthers({ about, facts, stake }: Situation, deployment: Deployment): Finding {
  const { now } = facts;
  const found = { type: 'Deployed', about, reason: 'ListenerChanged' } as const;
  if (!isContested(deployment, facts)) {
    const message = `somebody has changed ${about}; certkeep puts it right`;
    const danger = dangerOf(stake, now);
    return { ...found, status: 'unknown', message, danger, ...fromDrift(deployment) };
  }
  const message = `somebody changes ${about} again and again; certkeep puts it right at most ${changesADay} times a day`;
  const hurtsAt = deployment.drift?.seenAt ?? deployment.changedAt;
  const danger = dangerOf({ ...stake, clients: 'changing', where: about, hurtsAt }, now);
  return { ...found, status: 'false', message, danger, ...fromDrift(deployment) };
}

function fromDrift({ drift }: Deployment): Pick<Finding, 'from'> {
  return drift ? { from: drift.seenAt } : {};
}

function served(at: Situation): Finding {
  const { about, deployment, facts, stake } = at;
  const message = `${about} was not asked for it yet`;
  const waiting = { type: 'Served', about, status: 'unknown', reason: 'AwaitingDeploy' } as const;
  // Deployed says why not, and how bad that is.
  if (!deployment || deployment.state === 'failed' || deployment.state === 'rolled-back') {
    const danger = { ...dangerMeanwhile(stake, facts.now), severity: 'none' } as const;
    return { ...waiting, message, danger };
  }
  const { failure, probe, state } = deployment;
  switch (state) {
    case 'contradicted': {
      const seen = probe ? `: ${probe.detail}` : '';
      const text = `${about} serves another certificate${seen}`;
      const reason = 'EndpointContradicted';
      const danger = dangerOf(stake, facts.now);
      const found = {
        type: 'Served',
        about,
        status: 'false',
        reason,
        message: text,
        danger,
      } as const;
      return probe?.contradictedSince ? { ...found, from: probe.contradictedSince } : found;
    }
    case 'unknown': {
      const reason = failure?.error ?? 'EndpointUnknown';
      if (isUnknownByConfiguration(at, deployment, reason)) return notAskable(at);
      const text = failure ? failure.message : `nobody could ask ${about}`;
      return { ...failingServed(at, reason, text), status: 'unknown' };
    }
    case 'awaiting-proof':
      return pending(at, 'Served', { reason: 'AwaitingProof', late: 'ProofOverdue', message });
    case 'proven':
      return proven(at, deployment);
  }
}

/** It is internal, and its place has no probe inside: nobody need hear of that again and again. */
function isUnknownByConfiguration(
  { facts, placeKey: place }: Situation,
  { endpoint }: Deployment,
  reason: string,
): boolean {
  const isInside = facts.config.places?.[networkKey(parsePlaceKey(place))]?.probe !== undefined;
  return reason === 'EndpointUnknown' && endpoint?.isInternal === true && !isInside;
}

function notAskable({ about, facts, stake }: Situation): Finding {
  const message = `${about} is internal, and its place has no "probe:", so that nobody can ask it`;
  const danger = { ...dangerMeanwhile(stake, facts.now), severity: 'none' } as const;
  return { type: 'Served', about, status: 'unknown', reason: 'EndpointUnknown', message, danger };
}

function failingServed(
  { about, facts, stake }: Situation,
  reason: string,
  message: string,
): Finding {
  const danger = dangerOf(stake, facts.now);
  return { type: 'Served', about, status: 'false', reason, message, danger };
}

/** A proof lasts until the endpoint is to be asked again. */
function proven(at: Situation, { endpoint, nextProbeAt, provenAt }: Deployment): Finding {
  const { about, facts, patienceMs } = at;
  const isOver = nextProbeAt !== null && addMs(new Date(nextProbeAt), patienceMs) <= facts.now;
  const [is, was] = isAsked({ endpoint }) ? ['serves', 'served'] : ['holds', 'held'];
  if (!isOver) return well('Served', `${about} ${is} it`, about);
  const message = `${about} ${was} it on ${dateOf(provenAt ?? nextProbeAt)}, and was not asked since`;
  return { ...failingServed(at, 'ProofOverdue', message), status: 'unknown' };
}

/** Work of minutes that becomes trouble after a day. */
function pending(
  { about, facts, orderMs, patienceMs, stake, version }: Situation,
  type: 'Deployed' | 'Served',
  { late, message, reason }: { reason: string; late: string; message: string },
): Finding {
  const { now } = facts;
  const danger = dangerMeanwhile(stake, now);
  const patience = {
    ms: patienceMs + orderMs,
    reason: late,
    message,
    danger: dangerOf(stake, now),
  };
  return {
    type,
    about,
    status: 'unknown',
    reason,
    message,
    danger,
    patience,
    from: version.issuedAt,
  };
}

function failed({ about, facts, place, stake }: Situation, failure: Failure): Finding {
  const { error: reason, nextAttemptAt } = failure;
  return {
    ...{ type: 'Deployed', about, reason, message: `${reason}: ${failure.message}` },
    ...{ named: { place }, nextAttemptAt },
    ...judged(failure, stake, facts.now),
  };
}

/** Says what is wrong in ACM of each place, besides the targets. */
export function placeFindings({ config, now, record }: CertificateFacts): readonly Finding[] {
  return Object.entries(record.imports).flatMap(([place, entry]) => {
    const where = placeName(config.home, place);
    const { leaving, publishFailure, publishedArn, arn, retired } = entry;
    const used = retired.flatMap(({ arn: earlier, use }): Finding[] => {
      if (!use) return [];
      const { by, notAfter, since } = use;
      const [first = ''] = by;
      const more = by.length > 1 ? ` and ${by.length - 1} more` : '';
      const message = `it is not renewed, but ${publishedArn ?? arn ?? 'the present one'} is; it is still used by ${first}${more}`;
      const stake = {
        clients: 'earlier',
        where: first,
        hurtsAt: notAfter,
        lifetimeMs: null,
      } as const;
      const danger = dangerOf(stake, now);
      const found = { type: 'Deployed', about: earlier, status: 'false' } as const;
      return [{ ...found, reason: 'EarlierArnUsed', message, danger, from: since }];
    });
    const failures = [publishFailure, leaving?.failure ?? null].flatMap((failure): Finding[] => {
      if (!failure) return [];
      const { error: reason, nextAttemptAt } = failure;
      const message = `${reason}: ${failure.message}`;
      const found = { about: where, reason, message, named: { place: where }, nextAttemptAt };
      const type = failure === publishFailure ? 'Deployed' : 'Configured';
      return [{ ...found, type, ...judged(failure, unaffected, now) }];
    });
    return [...used, ...failures, ...incidentOf(entry, where, now)];
  });
}

/** People hear of an incident for a week: certkeep has put it right, but whoever did it may do it again. */
const incidentMs = 7 * dayMs;

function incidentOf({ incident }: AcmImport, where: string, now: Date): readonly Finding[] {
  if (!incident || addMs(new Date(incident.at), incidentMs) <= now) return [];
  const { arn, at, error } = incident;
  const message =
    error === 'LookAlikeFound'
      ? `ACM in ${where} holds another certificate with its serial: ${arn}`
      : `somebody imported over ${arn} in ${where}; certkeep has imported it again`;
  const danger = { severity: 'critical', clients: 'valid', where, hurtsAt: null } as const;
  return [
    { type: 'Deployed', about: arn, status: 'unknown', reason: error, message, danger, from: at },
  ];
}
