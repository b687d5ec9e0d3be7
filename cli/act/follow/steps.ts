import { isAsked } from '#shared/ledger/record/asked.ts';
import {
  type CertificateRecord,
  type Deployment,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record/record.ts';
import { rehearsalHost } from '#shared/ledger/record/rehearsing.ts';
import type { Stage } from '#shared/stage.ts';
import { stamp } from '../../text/times.ts';

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
    ...wishSteps(before, record),
    ...rehearsalSteps(before, record),
    ...attemptSteps(before, record),
    ...versionSteps(before, record),
    ...importSteps(before, record),
    ...Object.entries(record.deployments).flatMap(([key, deployment]) =>
      deploymentSteps(key, deployment, before?.deployments[key], record.desired),
    ),
  ].toSorted((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)));
}

function wishSteps(before: CertificateRecord | null, record: CertificateRecord): readonly Step[] {
  const { chosen, revokeTried, versions } = record;
  const steps: Step[] = [];
  const versionOf = (versionId: string) => versions.find(({ id }) => id === versionId);
  if (chosen && chosen.at !== before?.chosen?.at) {
    const { at, until, versionId } = chosen;
    const end = until === null ? '' : ` until ${stamp(until)}`;
    const text = `${versionOf(versionId)?.serial ?? versionId} goes back into service${end}`;
    steps.push({ key: `chosen ${at}`, at, stage: 'check', text });
  }
  const { doneAt = null, failure = null } = revokeTried ?? {};
  if (doneAt !== null && doneAt !== before?.revokeTried?.doneAt) {
    const version = versionOf(record.revoking?.versionId ?? '');
    const text = version ? `${version.issuer} has revoked ${version.serial}` : 'it is revoked';
    steps.push({ key: `revoked ${doneAt}`, at: doneAt, stage: 'issue', text });
  }
  if (failure && failure.lastAt !== before?.revokeTried?.failure?.lastAt) {
    steps.push(failureStep('revocation', 'issue', failure, 'revocation'));
  }
  return steps;
}

function rehearsalSteps(
  before: CertificateRecord | null,
  { rehearsed }: CertificateRecord,
): readonly Step[] {
  if (!rehearsed || rehearsed.triedAt === before?.rehearsed?.triedAt) return [];
  const { names, tries, triedAt: at } = rehearsed;
  const again = tries > 1 ? `, try ${tries}` : '';
  const what = names === 1 ? 'one name' : `${names} names`;
  const text = `rehearsal of ${what} begun at ${rehearsalHost(rehearsed)}${again}`;
  return [{ key: `rehearsal ${at}`, at, stage: 'issue', text }];
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
  if (before?.versions.some((each) => each.id === id)) return [returned(record, id, text)];
  return [
    ...(orderUrl === null ? [] : [ordered(orderUrl, at, issuer)]),
    { key: `version ${id}`, at, stage: 'store', text },
  ];
}

/** An earlier version is in service again. */
function returned({ history, updatedAt }: CertificateRecord, id: string, text: string): Step {
  const entry = history.findLast(
    ({ stage, what }) => stage === 'store' && what.startsWith(`version ${id} `),
  );
  const at = entry?.at ?? updatedAt;
  return { key: `returned ${id} ${at}`, at, stage: 'store', text: `${text}, is in service again` };
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
    const text = `${name} ${isAsked(deployment) ? 'serves' : 'holds'} it`;
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
