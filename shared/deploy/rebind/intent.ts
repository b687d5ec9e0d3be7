import type {
  CertificateRecord,
  Deployment,
  ListenerChange,
} from '#shared/ledger/record/record.ts';
import type { Held, TargetView } from '#shared/targets/target.ts';
import { type Before, baselineIn, beforeChange, leftBy } from '../rollback/before.ts';
import { type DeployRun, deploymentOf, type Look, withDeployment } from '../run.ts';
import { wasChanged } from './contested.ts';

export type Intent = Before & {
  /** Null where the import has not decided it yet. */
  readonly arn: string | null;
  /** Into an SNI list, where nothing has to go for it. */
  readonly isAdded: boolean;
  /** When the listener was changed for this version before, within a day; absent where it is not changed now. */
  readonly changes?: readonly ListenerChange[];
  /** When what the endpoint serves ends (ISO 8601); null when nothing answered. */
  readonly servedUntil: string | null;
};

/**
 * What a target held, in the record before the change that takes it away. `nextProbeAt: null` says that
 * the change is not confirmed: verify leaves the target alone, and deploy has to look again.
 */
export function withIntent(
  record: CertificateRecord,
  run: DeployRun,
  { target: { key }, view }: Look,
  intent: Intent,
): CertificateRecord {
  const now = run.clock.now();
  const before = beforeChange(record.deployments[key], intent, { version: run.version, now });
  const known = deploymentOf(record, run, key);
  return withDeployment(record, key, {
    state: 'awaiting-proof',
    place: run.place,
    versionId: run.version.id,
    arn: intent.arn,
    previous: before.previous,
    ...baselineIn(before.baselineSerial === null ? intent : before),
    changedAt: now.toISOString(),
    ...changesOf(known, intent.changes, now),
    // Until the change is confirmed, so that people hear of it also where this run dies.
    ...(wasChanged(known) && { drift: known.drift ?? driftAt(view, now) }),
    provenAt: known?.provenAt ?? null,
    probe: null,
    servedUntil: intent.servedUntil,
    endpoint: endpointOf(view, now),
    nextProbeAt: null,
    failure: known?.failure ?? null,
  });
}

/** What a listener holds that somebody has changed. */
export function driftAt(held: Held, seenAt: Date): NonNullable<Deployment['drift']> {
  const holds = `default ${held.default ?? 'none'}, list ${held.list.join(', ') || 'empty'}`;
  return { seenAt: seenAt.toISOString(), holds: holds.slice(0, 500) };
}

function changesOf(known: Deployment | null, earlier: Intent['changes'], now: Date) {
  const why = wasChanged(known) ? ('to-put-right' as const) : ('to-bind' as const);
  const changes = earlier ? [...earlier, { at: now.toISOString(), why }] : known?.changes;
  return changes && { changes: [...changes] };
}

export type Confirmed = {
  /** Of the target. */
  readonly key: string;
  readonly arn: string;
  /** When it was there. */
  readonly at: Date;
  /** Where the target was looked at. */
  readonly view?: TargetView;
};

/**
 * The change is there: from now on the endpoint is asked. What was there before, only the intent knows, or
 * where there is none what the record says of the version before.
 */
export function withConfirmed(
  record: CertificateRecord,
  run: DeployRun,
  { key, arn, at, view }: Confirmed,
): CertificateRecord {
  const known = deploymentOf(record, run, key);
  const former = record.deployments[key];
  const before = known ?? leftBy(record, former, at);
  const now = at.toISOString();
  const endpoint = view ? endpointOf(view, at) : known?.endpoint;
  return withDeployment(record, key, {
    state: 'awaiting-proof',
    place: run.place,
    versionId: run.version.id,
    arn,
    previous: before.previous,
    ...baselineIn(before),
    changedAt: now,
    ...(known?.changes && { changes: known.changes }),
    provenAt: known?.provenAt ?? null,
    probe: null,
    ...servedSoFar(former),
    ...(endpoint && { endpoint }),
    nextProbeAt: now,
    // Still counted, no longer waited for: should the endpoint contradict this, it is put back at once.
    failure: known?.failure ? { ...known.failure, nextAttemptAt: now } : null,
  });
}

/** What was seen last is all that is known until the endpoint is asked again. */
export function servedSoFar(former: Deployment | undefined): Pick<Deployment, 'servedUntil'> {
  return former?.servedUntil === undefined ? {} : { servedUntil: former.servedUntil };
}

/** Where verify asks, without another look at the load balancer for a day. */
export function endpointOf({ name, endpoint: { host, port } }: TargetView, at: Date) {
  return { name, host, port, lookedAt: at.toISOString() };
}
