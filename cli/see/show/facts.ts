import { commandFor } from '#shared/finish/alert/commands.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { isAskable, isAsked } from '#shared/ledger/record/asked.ts';
import {
  type CertificateRecord,
  type Deployment,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { type Condition, clientsText, type Severity } from '#shared/status/condition.ts';
import { nextStepOf } from '#shared/status/reasons.ts';
import { conditionsOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { type KeptVersion, keptVersions } from './kept-versions.ts';

type Certificate = Status['certificates'][number];
type Asking = NonNullable<Status['discovered']>[number];

/** The next step for a condition; null where nobody has to do anything. */
type NextStep = {
  readonly text: string;
  readonly command: string;
  /** Where docs/runbook.md says more. */
  readonly runbook: string;
};

type ConditionFacts = Pick<
  Condition,
  'type' | 'status' | 'about' | 'reason' | 'message' | 'since' | 'nextAttemptAt'
> & {
  readonly severity: Severity;
  /** What clients get meanwhile. */
  readonly clients: string;
  readonly next: NextStep | null;
};

type TargetFacts = {
  /** As people know it: `web:443`. Its key where nobody has looked. */
  readonly name: string;
  readonly key: string;
  readonly place: string;
  /** `held`: it holds the certificate, and nobody can ask who serves it. */
  readonly state: Deployment['state'] | 'held';
  readonly address: string | null;
  readonly serial: string | null;
  readonly servedUntil: string | null;
  readonly lastProvenAt: string | null;
  readonly lastAskedAt: string | null;
  /** Why it is not proven, as the last look or the last failure says. */
  readonly detail: string | null;
};

type VersionFacts = Pick<
  Version,
  'id' | 'serial' | 'keyAlgorithm' | 'issuer' | 'notBefore' | 'notAfter' | 'issuedAt' | 'names'
> & { readonly revokedAt: string | null };

/** All that is known of one certificate, for people and for `--json`. */
export type CertificateFacts = {
  readonly id: string;
  readonly checkedAt: string;
  readonly state: Certificate['state'];
  readonly name: string;
  readonly owner: string | null;
  readonly conditions: readonly ConditionFacts[];
  /** Null before the first one is stored. */
  readonly version: VersionFacts | null;
  /** All that are kept, newest first. */
  readonly kept: readonly KeptVersion[];
  readonly renewal: {
    readonly renewsAt: string | null;
    readonly advice: {
      readonly start: string;
      readonly end: string;
      readonly selected: string;
      readonly explanation: string | null;
      readonly askedAt: string | null;
    } | null;
  };
  readonly targets: readonly TargetFacts[];
  /** Resources that ask for it by a tag and do not get it, or no longer do. */
  readonly asking: readonly Pick<Asking, 'arn' | 'place' | 'state'>[];
  readonly copies: readonly {
    readonly region: string;
    readonly isInSync: boolean;
    readonly since: string;
    readonly reason: string | null;
  }[];
  /** Oldest first. */
  readonly history: CertificateRecord['history'];
};

/** Puts together what check has said of a certificate and what its record holds. Pure. */
export function factsOf(
  status: Status,
  certificate: Certificate,
  record: CertificateRecord | null,
  now: Date,
): CertificateFacts {
  const { id, name, owner = null, renewsAt, state } = certificate;
  const version = record && desiredVersion(record);
  return {
    ...{ id, name, owner, state, checkedAt: status.checkedAt },
    conditions: conditionsOf(status, certificate).map((each) =>
      conditionFacts(each, certificate, status),
    ),
    version: version && versionFacts(version),
    kept: record && version ? keptVersions(record, version, now) : [],
    renewal: { renewsAt, advice: record && version && adviceFacts(record, version) },
    targets: Object.entries(record?.deployments ?? {}).map(targetFacts),
    asking: (status.discovered ?? [])
      .filter((each) => each.certificate === id && each.state !== 'approved')
      .map(({ arn, place, state: standing }) => ({ arn, place, state: standing })),
    copies: Object.entries(record?.replicas ?? {}).map(([region, copy]) => ({
      region,
      isInSync: copy.secretInSync && copy.versionId === record?.desired,
      since: copy.syncedAt,
      reason: copy.reason,
    })),
    history: record?.history ?? [],
  };
}

function conditionFacts(
  condition: Condition,
  { id, name }: Certificate,
  { installation }: Status,
): ConditionFacts {
  const { about, danger, message, nextAttemptAt, reason, since, status, type } = condition;
  const text = nextStepOf(reason);
  const command = commandFor({ certificate: id, condition }, { installation, name });
  return {
    ...{ type, status, about, reason, message, since, nextAttemptAt },
    severity: danger.severity,
    clients: clientsText(danger),
    next: text === null ? null : { text, command, runbook: runbookOf(reason) },
  };
}

/** Each reason that has a next step has a heading there. */
function runbookOf(reason: string): string {
  return `docs/runbook.md#${reason.toLowerCase()}`;
}

function versionFacts(version: Version): VersionFacts {
  const { id, issuedAt, issuer, keyAlgorithm, names, notAfter, notBefore, revokedAt } = version;
  const { serial } = version;
  return {
    ...{ id, serial, keyAlgorithm, issuer, notBefore, notAfter, issuedAt, names },
    revokedAt: revokedAt ?? null,
  };
}

function adviceFacts(record: CertificateRecord, version: Version) {
  const advice = adviceOn(record, version);
  if (!advice?.window) return null;
  const { end, selected, start } = advice.window;
  const { askedAt = null, explanationUrl } = advice;
  return { start, end, selected, explanation: explanationUrl, askedAt };
}

function targetFacts([key, deployment]: readonly [string, Deployment]): TargetFacts {
  const { endpoint, failure, place, probe, provenAt, servedUntil = null, state } = deployment;
  const isProven = state === 'proven';
  return {
    ...{ key, place, servedUntil },
    state: isProven && !isAsked(deployment) ? 'held' : state,
    name: endpoint?.name ?? key,
    address: endpoint && isAskable(endpoint) ? `${endpoint.host}:${endpoint.port}` : null,
    serial: probe?.serial ?? null,
    lastProvenAt: provenAt,
    lastAskedAt: probe?.at ?? null,
    detail: isProven ? null : (failure?.message ?? probe?.detail ?? null),
  };
}
