import { foreignFields } from '#shared/ledger/ledger-object.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import {
  type CertificateRecord,
  type Deployment,
  deploymentSchema,
  type Failure,
  type Version,
} from '#shared/ledger/record/record.ts';
import type { TargetView } from '#shared/targets/target.ts';
import { addMs } from '#shared/time/clock.ts';
import {
  deploymentOf,
  driftAt,
  endpointKnownForMs,
  endpointOf,
  wasChanged,
} from './deployment-questions.ts';
import {
  beforeChange,
  type Intent,
  leftBy,
  type PreviousState,
} from './rollback/previous-state.ts';

/*
 *   nothing ───────────────────tried, failed──────────────────┐
 *      │ intended                                             │
 *      ▼                                                      ▼
 *   awaiting-proof (not confirmed) ────────failed──────────▶ failed
 *      │ confirmed                                            ▲
 *      ▼                                                      │ failed: there is no way back
 *   awaiting-proof (verify asks) ────contradicted────▶ contradicted ───rolledBack───▶ rolled-back
 *      │          │                                       ▲     │
 *      │ proven   │ unknown                               │     │ unknown: going back helps nobody
 *      ▼          │                                       │     │
 *   proven ───────┼──────────────────contradicted─────────┤     │
 *      │  ▲       │                                       │     │
 *      │  │ proven│                                       │     │
 *      ▼  │       ▼                                       │     │
 *   unknown ─────────────────────────contradicted─────────┘     │
 *      ▲                                                        │
 *      └────────────────────────────────────────────────────────┘
 *
 *   A newer version, a try that is due, and a listener that somebody has changed (drifted, or contradicted after
 *   a proof) lead from each of them to intended, or to confirmed where the listener is as it is to be.
 */

/** The version that a run of deploy brings to the targets of a place. */
type Deploy = { readonly place: string; readonly version: Pick<Version, 'id'> };

type Intended = {
  readonly key: string;
  readonly intent: Intent;
  readonly view: TargetView;
  readonly at: Date;
  /** The command that is to be sent. */
  readonly pushed?: Deployment['pushed'];
};

/**
 * Records what a target held, before the change that replaces it. `nextProbeAt: null` says that the change is not
 * confirmed: verify leaves the target alone, and deploy has to look again.
 */
export function intended(
  record: CertificateRecord,
  deploy: Deploy,
  { key, intent, view, at, pushed }: Intended,
): CertificateRecord {
  const { version } = deploy;
  const before = beforeChange(record.deployments[key], intent, { version, now: at });
  const known = deploymentOf(record, deploy, key);
  return put(record, key, {
    ...begun(deploy, at),
    state: 'awaiting-proof',
    arn: intent.arn,
    ...stateOf(before),
    ...changesOf(known, intent.changes, at),
    // Kept until the change is confirmed, so that people hear of the drift even if this run dies.
    ...(wasChanged(known) && { drift: known.drift ?? driftAt(view, at) }),
    provenAt: known?.provenAt ?? null,
    servedUntil: intent.servedUntil,
    endpoint: endpointOf(view, at),
    ...(pushed && { pushed }),
    failure: known?.failure ?? null,
  });
}

type Confirmed = {
  /** The key of the target. */
  readonly key: string;
  /** Null for hosts that fetch it. */
  readonly arn: string | null;
  /** The time at which the change was there. */
  readonly at: Date;
  /** The command that was sent. */
  readonly pushed?: Deployment['pushed'];
  /** The view of the target, where it was looked at. */
  readonly view?: TargetView;
};

/**
 * The change is there: from now on the endpoint is asked. The intent says what was there before; without an intent the
 * record of the previous version does.
 */
export function confirmed(
  record: CertificateRecord,
  deploy: Deploy,
  { key, arn, at, view, pushed }: Confirmed,
): CertificateRecord {
  const known = deploymentOf(record, deploy, key);
  const former = record.deployments[key];
  const before = known ?? leftBy(record, former, at);
  const now = at.toISOString();
  const endpoint = view ? endpointOf(view, at) : known?.endpoint;
  return put(record, key, {
    ...begun(deploy, at),
    state: 'awaiting-proof',
    arn,
    ...stateOf(before),
    ...(known?.changes && { changes: known.changes }),
    provenAt: known?.provenAt ?? null,
    ...servedSoFar(former),
    ...(endpoint && { endpoint }),
    ...(pushed && { pushed }),
    nextProbeAt: now,
    // The failure still counts, but nothing waits for it: if the endpoint contradicts this, it is put back at once.
    failure: known?.failure ? { ...known.failure, nextAttemptAt: now } : null,
  });
}

type Tried = {
  readonly key: string;
  readonly at: Date;
  /**
   * The end of the certificate that the endpoint serves (ISO 8601), null when nothing answered; absent where it was not
   * asked.
   */
  readonly servedUntil?: string | null | undefined;
};

/** A deploy of the version reached the target and changed nothing there, or nothing since its last visit. */
export function tried(
  record: CertificateRecord,
  deploy: Deploy,
  { key, at, servedUntil }: Tried,
): CertificateRecord {
  const former = record.deployments[key];
  const before = leftBy(record, former, at);
  const known = deploymentOf(record, deploy, key) ?? {
    ...begun(deploy, at),
    state: 'failed',
    arn: null,
    ...stateOf(before),
    provenAt: null,
    ...servedSoFar(former),
    failure: null,
  };
  const seen =
    servedUntil === undefined ? {} : { servedUntil: servedUntil ?? known.servedUntil ?? null };
  return put(record, key, { ...known, ...seen });
}

/** The failed change is tried again after the failure's wait; the target keeps what it had. */
export function failed(record: CertificateRecord, key: string, failure: Failure) {
  return changed(record, key, { state: 'failed', failure, nextProbeAt: null });
}

/** The command is looked at again then; null where it was carried out by all hosts, or nobody can say. */
export function commandSeen(record: CertificateRecord, key: string, lookAt: Date | null) {
  const pushed = record.deployments[key]?.pushed;
  if (!pushed) return record;
  return changed(record, key, { pushed: { ...pushed, lookAt: lookAt?.toISOString() ?? null } });
}

/** Some host did not carry it out, whatever others serve: the change is not there, and another command is to be sent. */
export function commandFailed(record: CertificateRecord, key: string): CertificateRecord {
  return changed(commandSeen(record, key, null), key, { state: 'failed', nextProbeAt: null });
}

/** The way back failed for now: until it succeeds, the endpoint serves the wrong certificate. */
export function notPutBack(record: CertificateRecord, key: string, failure: Failure) {
  return changed(record, key, { state: 'contradicted', failure, nextProbeAt: null });
}

/** The previous certificate is there again, until the failure's wait is over. */
export function rolledBack(record: CertificateRecord, key: string, failure: Failure) {
  return changed(record, key, { state: 'rolled-back', failure, nextProbeAt: null });
}

/** The observations of an endpoint, which lead to a verdict. */
type Shown = Pick<Deployment, 'probe' | 'servedUntil' | 'endpoint'>;

export function asked(record: CertificateRecord, key: string, shown: Shown) {
  return changed(record, key, shown);
}

export function proven(
  record: CertificateRecord,
  key: string,
  { at, nextProbeAt }: { readonly at: Date; readonly nextProbeAt: Date },
): CertificateRecord {
  return changed(record, key, {
    state: 'proven',
    // The time of the last proof: a loss after it is reported anew.
    provenAt: at.toISOString(),
    nextProbeAt: nextProbeAt.toISOString(),
    failure: null,
  });
}

/** Nodes may still disagree, or there was no time for a look. */
export function spreading(record: CertificateRecord, key: string, nextProbeAt: Date) {
  return changed(record, key, { nextProbeAt: nextProbeAt.toISOString() });
}

/** Its listener cannot be found: the endpoint is asked now, and not where the listener was. */
export function outOfSight(record: CertificateRecord, key: string, at: Date): CertificateRecord {
  const { endpoint } = record.deployments[key] ?? {};
  const lookedAt = addMs(at, -endpointKnownForMs).toISOString();
  return changed(record, key, {
    nextProbeAt: at.toISOString(),
    ...(endpoint && { endpoint: { ...endpoint, lookedAt } }),
  });
}

/**
 * Deploy looks at once: it puts the previous certificate back, corrects a listener that somebody changed, or reports who
 * else answers.
 */
export function contradicted(record: CertificateRecord, key: string): CertificateRecord {
  return changed(record, key, { state: 'contradicted', nextProbeAt: null });
}

/** Nothing is put back: the endpoint is asked again after the failure's wait. */
export function unknown(record: CertificateRecord, key: string, failure: Failure) {
  return changed(record, key, { state: 'unknown', failure, nextProbeAt: failure.nextAttemptAt });
}

/** Somebody has changed the listener since. */
export function drifted(
  record: CertificateRecord,
  key: string,
  drift: NonNullable<Deployment['drift']>,
): CertificateRecord {
  return changed(record, key, { drift });
}

/** The target does not matter any more; nothing is reported about it. */
export function forgotten(
  record: CertificateRecord,
  isForgotten: (deployment: Deployment, key: string) => boolean,
): CertificateRecord {
  const all = Object.entries(record.deployments);
  const kept = all.filter(([key, each]) => !isForgotten(each, key));
  return { ...record, deployments: Object.fromEntries(kept) };
}

/** Targets have left the configuration. */
export function notConfigured(
  record: CertificateRecord,
  keys: readonly string[],
  at: Date,
): CertificateRecord {
  return withHistory(
    forgotten(record, (_, key) => keys.includes(key)),
    {
      at: at.toISOString(),
      stage: 'rebind',
      what: `no longer deployed to ${keys.join(', ')}`,
      why: 'not in the configuration any more',
    },
  );
}

/** The two parts of a baseline describe the same certificate: they come and go together. */
function stateOf({ previous, baselineSerial, baselineSha256 }: PreviousState): PreviousState {
  return { previous, baselineSerial, ...(baselineSha256 !== undefined && { baselineSha256 }) };
}

/** Starts the state of a version that is new to the target, or is tried anew. */
function begun({ place, version }: Deploy, at: Date) {
  const changedAt = at.toISOString();
  return { place, versionId: version.id, changedAt, probe: null, nextProbeAt: null } as const;
}

function changesOf(known: Deployment | null, earlier: Intent['changes'], at: Date) {
  const why = wasChanged(known) ? ('to-put-right' as const) : ('to-bind' as const);
  const changes = earlier ? [...earlier, { at: at.toISOString(), why }] : known?.changes;
  return changes && { changes: [...changes] };
}

/** Until the endpoint is asked again, the last observation is all that is known. */
function servedSoFar(former: Deployment | undefined): Pick<Deployment, 'servedUntil'> {
  return former?.servedUntil === undefined ? {} : { servedUntil: former.servedUntil };
}

/** Returns the record unchanged where the target has no deployment. */
function changed(
  record: CertificateRecord,
  key: string,
  change: Partial<Deployment>,
): CertificateRecord {
  const deployment = record.deployments[key];
  return deployment ? put(record, key, { ...deployment, ...change }) : record;
}

/** Fields that a newer release has written stay. */
function put(record: CertificateRecord, key: string, deployment: Deployment): CertificateRecord {
  const kept = foreignFields(deploymentSchema, record.deployments[key]);
  return { ...record, deployments: { ...record.deployments, [key]: { ...kept, ...deployment } } };
}
