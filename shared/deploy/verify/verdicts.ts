import { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord, Deployment, Version } from '#shared/ledger/record/record.ts';
import { addMs } from '#shared/time/clock.ts';
import { isProven } from '../decide-deploy.ts';
import { servedEvent, unprovenEvent } from '../events.ts';
import { isLookAlike } from '../probe/identity.ts';
import { withDeployment } from '../run.ts';
import { failureAfter, servedUntilOf } from '../setback.ts';
import type { Finding } from './finding.ts';
import type { PreviousIdentity } from './judge.ts';
import type { VerifySettings } from './settings.ts';

export type Verdicts = {
  /** The record as it was when the endpoints were asked. */
  readonly seen: CertificateRecord;
  readonly version: Version;
  readonly findings: readonly Finding[];
  /** All targets of the certificate, each of which has to prove the version before it counts as served. */
  readonly targets: readonly { readonly key: string }[];
  readonly settings: Pick<VerifySettings, 'reprobeMs' | 'resumeMs'>;
  readonly retryDelaysMs: readonly number[];
  readonly now: Date;
  /** 0 to 1, drawn once for all. */
  readonly jitter: number;
};

/** Proofs that came together are not asked for together again. */
const reprobeJitter = 0.2;
/** Multiples of it, each without its whole part, lie far from each other however many there are. */
const goldenRatio = (Math.sqrt(5) - 1) / 2;

/** Writes what the endpoints proved, for targets that nobody has changed since they were asked. */
export function withVerdicts(record: CertificateRecord, verdicts: Verdicts): CertificateRecord {
  const { findings, targets, version, now } = verdicts;
  const changed = findings.reduce((all, finding, index) => {
    const jitter = (verdicts.jitter + index * goldenRatio) % 1;
    return withVerdict(all, finding, { ...verdicts, jitter });
  }, record);
  if (isProven(record, targets, version) || !isProven(changed, targets, version)) return changed;
  const names = findings.map(({ name }) => name);
  const earlier = targets.length - findings.length;
  const more = earlier > 0 ? [`${earlier} more`] : [];
  return withEvent(changed, servedEvent(record.id, version, [...names, ...more], now));
}

/** What the change replaced: a version of ours, or what the endpoint served then. */
export function servedBefore(
  record: Pick<CertificateRecord, 'versions'>,
  { previous, ...before }: Pick<Deployment, 'previous' | 'baselineSerial' | 'baselineSha256'>,
): PreviousIdentity | null {
  const version = record.versions.find(({ id }) => id === previous?.versionId);
  if (version) return version;
  const { baselineSerial: serial, baselineSha256: fingerprintSha256 = null } = before;
  return serial === null ? null : { serial, fingerprintSha256 };
}

function withVerdict(
  record: CertificateRecord,
  finding: Finding,
  verdicts: Verdicts,
): CertificateRecord {
  const { key, where, verdict, servedUntil } = finding;
  const deployment = record.deployments[key];
  const asked = verdicts.seen.deployments[key];
  if (!deployment || !asked || !isSame(deployment, asked)) return record;
  const at = verdicts.now.toISOString();
  const probe = probeOf(finding, deployment, at);
  const probed = { ...deployment, probe, servedUntil, ...(where && { endpoint: where }) };
  switch (verdict.outcome) {
    case 'proven':
      return withDeployment(record, key, {
        ...probed,
        state: 'proven',
        // Of the last proof: what is lost after it is told anew.
        provenAt: at,
        nextProbeAt: addMs(verdicts.now, reprobeAfterMs(verdicts)).toISOString(),
        failure: null,
      });
    case 'spreading':
      return withDeployment(record, key, {
        ...probed,
        nextProbeAt: addMs(verdicts.now, verdicts.settings.resumeMs).toISOString(),
      });
    case 'contradicted':
      return withContradicted(record, finding, probed);
    case 'unknown':
      return withUnknown(record, finding, probed, verdicts);
  }
}

/** The look as the record keeps it. */
function probeOf(
  { where, verdict, contradictedSince }: Finding,
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

function reprobeAfterMs({ jitter, settings }: Verdicts): number {
  return Math.round(settings.reprobeMs * (1 + reprobeJitter * (2 * jitter - 1)));
}

/** Another run may have put back, deployed or judged meanwhile: then this answer speaks of the past. */
function isSame(current: Deployment, asked: Deployment): boolean {
  return (
    current.versionId === asked.versionId &&
    current.state === asked.state &&
    current.changedAt === asked.changedAt &&
    current.nextProbeAt === asked.nextProbeAt
  );
}

/** Deploy looks at once: it puts the previous back, puts right what somebody has changed, or tells who else answers. */
function withContradicted(
  record: CertificateRecord,
  { key }: Finding,
  deployment: Deployment,
): CertificateRecord {
  return withDeployment(record, key, { ...deployment, state: 'contradicted', nextProbeAt: null });
}

function unprovenName(verdict: Finding['verdict'], version: Version) {
  return isLookAlike(verdict, version) ? 'LookAlikeFound' : 'EndpointUnknown';
}

/** Debt that a person hears of once; asked again with back-off, nothing put back. */
function withUnknown(
  record: CertificateRecord,
  { key, name, verdict }: Finding,
  deployment: Deployment,
  verdicts: Verdicts,
): CertificateRecord {
  const error = new CertkeepError(unprovenName(verdict, verdicts.version), verdict.detail);
  const servedUntil = servedUntilOf(record, deployment);
  const failure = failureAfter(verdicts, deployment.failure, error, { ...verdicts, servedUntil });
  const subject = { certificate: record.id, version: verdicts.version, key, name };
  return withEvent(
    withDeployment(record, key, {
      ...deployment,
      state: 'unknown',
      nextProbeAt: failure.nextAttemptAt,
      failure,
    }),
    unprovenEvent(subject, deployment, { failure, verdict }),
  );
}
