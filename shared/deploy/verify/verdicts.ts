import { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { isAsked } from '#shared/ledger/record/asked.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import { addMs } from '#shared/time/clock.ts';
import { isProven } from '../decide-deploy.ts';
import * as deployment from '../deployment.ts';
import { servedUntilOf } from '../deployment-questions.ts';
import { servedEvent, unprovenEvent } from '../events.ts';
import { isLookAlike } from '../probe/identity.ts';
import { failureAfter } from '../record-failure.ts';
import type { LaterProof } from './later-proofs.ts';
import type { Observation } from './look/observation.ts';
import { isSameWhere } from './look/on-its-way.ts';
import type { VerifySettings } from './settings.ts';

export type Verdicts = {
  /** The record as it was when the endpoints were asked. */
  readonly seen: CertificateRecord;
  readonly version: Version;
  readonly observations: readonly Observation[];
  /** All targets of the certificate, each of which has to prove the version before it counts as served. */
  readonly targets: readonly { readonly key: string }[];
  readonly settings: Pick<VerifySettings, 'reprobeMs' | 'resumeMs'>;
  readonly retryDelaysMs: readonly number[];
  readonly now: Date;
  /** 0 to 1, drawn once for all. */
  readonly jitter: number;
};

/** Targets that were proven together are not asked again together. */
const reprobeJitter = 0.2;
/** Multiples of it, taken modulo one, lie far from each other however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Returns the proofs among the observations that show nothing but what the record says already. */
export function laterProofsOf(verdicts: Omit<Verdicts, 'targets'>): readonly LaterProof[] {
  return verdicts.observations.flatMap((observation, index) => {
    return laterProofOf(observation, { ...verdicts, jitter: jitterAt(verdicts, index) }) ?? [];
  });
}

/** The names that were asked for, and the nodes that answered, change from look to look. */
function laterProofOf(
  { key, name, servedUntil, verdict, where }: Observation,
  verdicts: Omit<Verdicts, 'targets'>,
): LaterProof | null {
  const { now, seen, version } = verdicts;
  const held = seen.deployments[key];
  if (!held || !where || held.provenAt === null || verdict.outcome !== 'proven') return null;
  const { endpoint, failure, probe, provenAt, state, versionId } = held;
  const isRepeated =
    state === 'proven' &&
    versionId === version.id &&
    failure === null &&
    probe?.outcome === 'proven' &&
    probe.serial === verdict.serial &&
    (probe.fingerprintSha256 ?? null) === verdict.fingerprintSha256 &&
    probe.served?.notAfter === verdict.served?.notAfter.toISOString() &&
    held.servedUntil === servedUntil &&
    isSameWhere({ ...where, name }, endpoint);
  if (!isRepeated) return null;
  const nextProbeAt = addMs(now, reprobeAfterMs(verdicts)).toISOString();
  return { key, repeats: provenAt, at: now.toISOString(), nextProbeAt, lookedAt: where.lookedAt };
}

/** Writes the verdicts, for targets that nobody has changed since they were asked. */
export function withVerdicts(record: CertificateRecord, verdicts: Verdicts): CertificateRecord {
  const { observations, targets, version, now } = verdicts;
  const changed = observations.reduce((all, observation, index) => {
    return withVerdict(all, observation, { ...verdicts, jitter: jitterAt(verdicts, index) });
  }, record);
  if (isProven(record, targets, version) || !isProven(changed, targets, version)) return changed;
  const asked = new Map(observations.map(({ key, name }) => [key, name]));
  // The others were proven in earlier runs.
  const named = targets.map(({ key }) => ({
    key,
    name: asked.get(key) ?? changed.deployments[key]?.endpoint?.name ?? key,
    isAsked: isAsked(changed.deployments[key] ?? {}),
  }));
  return withEvent(changed, servedEvent(record.id, version, named, now));
}

function withVerdict(
  record: CertificateRecord,
  observation: Observation,
  verdicts: Verdicts,
): CertificateRecord {
  const { key, where, verdict, servedUntil } = observation;
  const { now: at, seen, settings } = verdicts;
  const current = record.deployments[key];
  const former = seen.deployments[key];
  if (!current || !former || !isSame(current, former)) return record;
  const probe = probeOf(observation, current, at.toISOString());
  const endpoint = where && { endpoint: where };
  const asked = deployment.asked(record, key, { probe, servedUntil, ...endpoint });
  switch (verdict.outcome) {
    case 'proven': {
      const nextProbeAt = addMs(at, reprobeAfterMs(verdicts));
      return deployment.proven(asked, key, { at, nextProbeAt });
    }
    case 'spreading':
      return deployment.spreading(
        asked,
        key,
        addMs(at, observation.comesAgainMs ?? settings.resumeMs),
      );
    case 'contradicted':
      return deployment.contradicted(asked, key);
    case 'unknown':
      return withUnknown(asked, observation, verdicts);
  }
}

/** Returns the look in the form of the record. */
function probeOf(
  { where, verdict, contradictedSince }: Observation,
  { probe }: Deployment,
  at: string,
): Deployment['probe'] {
  const { outcome, serial, fingerprintSha256, detail, served } = verdict;
  const isDoubted = outcome === 'spreading' && contradictedSince !== null;
  return {
    at,
    host: where?.host ?? probe?.host ?? '',
    port: where?.port ?? probe?.port ?? 0,
    ...{ outcome, serial, detail },
    ...(fingerprintSha256 !== null && { fingerprintSha256 }),
    ...(served && { served: { ...served, notAfter: served.notAfter.toISOString() } }),
    ...(isDoubted && { contradictedSince: contradictedSince.toISOString() }),
  };
}

function jitterAt({ jitter }: Pick<Verdicts, 'jitter'>, index: number): number {
  return (jitter + index * goldenRatio) % 1;
}

function reprobeAfterMs({ jitter, settings }: Pick<Verdicts, 'jitter' | 'settings'>): number {
  return Math.round(settings.reprobeMs * (1 + reprobeJitter * (2 * jitter - 1)));
}

/** Another run may have put back, deployed or judged meanwhile: then this answer is outdated. */
function isSame(current: Deployment, asked: Deployment): boolean {
  return (
    current.versionId === asked.versionId &&
    current.state === asked.state &&
    current.changedAt === asked.changedAt &&
    current.nextProbeAt === asked.nextProbeAt
  );
}

function unprovenName(verdict: Observation['verdict'], version: Version) {
  if (isLookAlike(verdict, version)) return 'LookAlikeFound';
  return verdict.error ?? 'EndpointUnknown';
}

/** People hear of the unproven target once; it is asked again with back-off, and nothing is put back. */
function withUnknown(
  record: CertificateRecord,
  { key, name, verdict }: Observation,
  verdicts: Verdicts,
): CertificateRecord {
  const asked = record.deployments[key];
  if (!asked) return record;
  const error = new CertkeepError(unprovenName(verdict, verdicts.version), verdict.detail);
  const servedUntil = servedUntilOf(record, asked);
  const failure = failureAfter(verdicts, asked.failure, error, { ...verdicts, servedUntil });
  const subject = { certificate: record.id, version: verdicts.version, key, name };
  return withEvent(
    deployment.unknown(record, key, failure),
    unprovenEvent(subject, asked, { failure, verdict }),
  );
}
