import {
  type CertificateRecord,
  type Deployment,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record/record.ts';
import type { Stage } from '#shared/stage.ts';

/** Something that has happened to a certificate. */
export type Step = {
  /** The same for as long as it is the same step. */
  readonly key: string;
  /** ISO 8601. */
  readonly at: string;
  readonly stage: Stage;
  readonly text: string;
};

/** Returns what has happened since, in its order. What came and went between two looks is missing. Pure. */
export function stepsSince(
  before: CertificateRecord | null,
  record: CertificateRecord,
): readonly Step[] {
  return [
    ...attemptSteps(before, record),
    ...versionSteps(before, record),
    ...importSteps(before, record),
    ...Object.entries(record.deployments).flatMap(([key, deployment]) =>
      deploymentSteps(key, deployment, before?.deployments[key], record.desired),
    ),
  ].toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
}

function attemptSteps(
  before: CertificateRecord | null,
  { acquireFailure, attempt }: CertificateRecord,
): readonly Step[] {
  const steps: Step[] = [];
  if (attempt && attempt.id !== before?.attempt?.id) {
    const { id, issuer, reason, startedAt: at } = attempt;
    steps.push({ key: `attempt ${id}`, at, stage: 'issue', text: `${reason}, at ${issuer}` });
  }
  if (acquireFailure && acquireFailure.lastAt !== before?.acquireFailure?.lastAt) {
    steps.push(failureStep('issue', 'issue', acquireFailure));
  }
  return steps;
}

function versionSteps(
  before: CertificateRecord | null,
  record: CertificateRecord,
): readonly Step[] {
  const version = desiredVersion(record);
  if (!version || version.id === before?.desired) return [];
  const { id, issuedAt: at, issuer, notAfter, orderUrl, serial } = version;
  const text = `${serial}, until ${notAfter.slice(0, 10)}`;
  return [
    ...(orderUrl === null ? [] : [ordered(orderUrl, at, issuer)]),
    { key: `version ${id}`, at, stage: 'store', text },
  ];
}

function ordered(url: string, at: string, issuer: string): Step {
  return { key: `issued ${url}`, at, stage: 'issue', text: `${issuer} has issued it` };
}

function importSteps(before: CertificateRecord | null, record: CertificateRecord): readonly Step[] {
  return Object.entries(record.imports).flatMap(([place, entry]): readonly Step[] => {
    const known = before?.imports[place];
    const { importedAt: at, publishFailure, versionId } = entry;
    const isNew = versionId === record.desired && versionId !== known?.versionId;
    const isFailed = publishFailure && publishFailure.lastAt !== known?.publishFailure?.lastAt;
    const text = `in ${place.split('/').at(-1)}`;
    return [
      ...(isNew && versionId !== null
        ? [{ key: `import ${place} ${versionId}`, at, stage: 'import' as const, text }]
        : []),
      ...(isFailed ? [failureStep(`publish ${place}`, 'import', publishFailure)] : []),
    ];
  });
}

function deploymentSteps(
  key: string,
  deployment: Deployment,
  before: Deployment | undefined,
  desired: string | null,
): readonly Step[] {
  const { changedAt, failure, nextProbeAt, provenAt, state, versionId } = deployment;
  if (versionId !== desired) return [];
  const name = nameOf(key, deployment);
  const steps: Step[] = [];
  const isBound = state === 'proven' || (state === 'awaiting-proof' && nextProbeAt !== null);
  if (isBound && changedAt !== before?.changedAt) {
    steps.push({ key: `bound ${key} ${versionId}`, at: changedAt, stage: 'rebind', text: name });
  }
  if (failure && failure.lastAt !== before?.failure?.lastAt) {
    const stage = state === 'unknown' ? 'verify' : 'rebind';
    steps.push(failureStep(`target ${key}`, stage, failure, name));
  }
  const wasProven = before?.state === 'proven' && before.versionId === versionId;
  if (state === 'proven' && provenAt !== null && !wasProven) {
    const text = `${name} serves it`;
    steps.push({ key: `proven ${key} ${versionId}`, at: provenAt, stage: 'verify', text });
  }
  return steps;
}

function failureStep(of: string, stage: Stage, failure: Failure, where?: string): Step {
  const { error, lastAt: at, message } = failure;
  const text = `${where ? `${where}: ` : ''}${error}: ${message}`;
  return { key: `failure ${of} ${at}`, at, stage, text };
}

/** `web:443 (eu-central-1)`; its key where nobody has looked at it. */
export function nameOf(key: string, { endpoint, place }: Deployment): string {
  const region = place.split('/').at(-1) ?? place;
  return endpoint ? `${endpoint.name} (${region})` : `${key} (${region})`;
}
