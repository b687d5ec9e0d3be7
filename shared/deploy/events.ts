import { createHash } from 'node:crypto';
import { type CertkeepError, catalogue, isCertkeepError } from '#shared/errors.ts';
import type { Deployment, Failure, LedgerEvent, Version } from '#shared/ledger/record/record.ts';
import type { Stage } from '#shared/stage.ts';
import type { Held } from '#shared/targets/target.ts';
import { quoted } from '#shared/text/plain-text.ts';
import { dayMs } from '#shared/time/clock.ts';
import { changesADay } from './rebind/contested.ts';
import type { Verdict } from './verify/look/judge.ts';

type Subject = {
  readonly certificate: string;
  readonly version: Version;
  /** A target key or a place key. */
  readonly key: string;
  /** The name for people: `shop-alb:443`. */
  readonly name: string;
};

type RecordedFailure = {
  readonly failure: Failure;
  readonly error: unknown;
  /** The stage of an error that certkeep has no name for. */
  readonly stage: Stage;
  /** The end of the certificate that is served meanwhile, where known. */
  readonly servedUntil: string | null;
  /** True where the endpoint serves the wrong certificate meanwhile. */
  readonly isUrgent?: boolean;
};

/** More are counted. */
const mostNamed = 20;

/**
 * `web:443 (eu-central-1, 123456789012)`: a name alone may stand in several places. The key of a target holds an ARN or a
 * place; a place itself is a name that says where it is.
 */
function placed({ key, name }: Pick<Subject, 'key' | 'name'>): string {
  const [, region, account] = /:elasticloadbalancing:([a-z0-9-]+):(\d{12}):/.exec(key) ?? [];
  if (region && account) return `${name} (${region}, ${account})`;
  const [, ofPlace, inPlace] = /^[a-z-]+:(\d{12})\/([a-z0-9-]+)(?:\/|$)/.exec(key) ?? [];
  return ofPlace && inPlace ? `${name} (${inPlace}, ${ofPlace})` : name;
}

/** `isAsked` is false where nobody can ask the target, so that what it holds is all that is known. */
type ServedAt = Pick<Subject, 'key' | 'name'> & { readonly isAsked: boolean };

function listed(targets: readonly ServedAt[]): string {
  const names = targets.map(placed);
  const more = names.length - mostNamed;
  return [...names.slice(0, mostNamed), ...(more > 0 ? [`${more} other targets`] : [])].join(', ');
}

/** Sent once per version, when every target has proved it. */
export function servedEvent(
  certificate: string,
  version: Version,
  targets: readonly ServedAt[],
  now: Date,
): LedgerEvent {
  const asked = targets.filter(({ isAsked }) => isAsked);
  const held = targets.filter(({ isAsked }) => !isAsked);
  const parts = [
    ...(asked.length > 0 ? [`served by ${listed(asked)}`] : []),
    ...(held.length > 0 ? [`held by ${listed(held)}, where nobody can ask who serves it`] : []),
  ];
  return {
    id: `${certificate}-served-${version.id}`,
    type: 'served',
    at: now.toISOString(),
    certificate,
    severity: 'info',
    summary: `${certificate} is ${parts.join(', and ')}`,
    details: {
      names: version.names.join(', '),
      serial: version.serial,
      notAfter: version.notAfter,
      targets: listed(targets),
    },
  };
}

export function failedEvent(subject: Subject, recorded: RecordedFailure): LedgerEvent {
  const { certificate, version, key } = subject;
  const name = placed(subject);
  const { failure } = recorded;
  return {
    id: `${certificate}-deploy-failed-${short(key)}-${occasionOf(recorded, version)}`,
    type: 'failed',
    at: failure.lastAt,
    certificate,
    severity: needsPerson(recorded) ? 'critical' : 'warning',
    summary: `${certificate} could not be deployed to ${name}: ${failure.error}`,
    details: { ...detailsOf(recorded), newSerial: version.serial, target: name },
  };
}

/** The listener is correct, but clients get something else. */
export function shadowedEvent(subject: Subject, recorded: RecordedFailure): LedgerEvent {
  const summary = `${subject.certificate}: another certificate answers at ${placed(subject)}`;
  return { ...failedEvent(subject, recorded), summary };
}

export function rolledBackEvent(
  subject: Subject,
  recorded: RecordedFailure & {
    readonly putBackArn: string;
    /** Keys of the other targets that went back too, since they have the same ARN. */
    readonly others: readonly string[];
  },
): LedgerEvent {
  const { certificate, version, key } = subject;
  const name = placed(subject);
  return {
    id: `${certificate}-rolled-back-${version.id}-${short(key)}-${occasion(recorded.failure)}`,
    type: 'rolled-back',
    at: recorded.failure.lastAt,
    certificate,
    severity: 'critical',
    summary: `${certificate} was put back to the previous certificate at ${name}`,
    details: {
      ...detailsOf(recorded),
      newSerial: version.serial,
      target: name,
      putBack: recorded.putBackArn,
      alsoAt: recorded.others.length > 0 ? recorded.others.join(', ') : null,
    },
  };
}

/** Sent each time that a listener was corrected: with who may have changed it, and what it held. */
export function listenerChangedEvent(
  subject: Subject,
  changed: {
    readonly at: Date;
    readonly found: Held;
    readonly owners: readonly string[];
    /** The number of times within a day, including this one. */
    readonly times: number;
    readonly seen: Deployment;
  },
): LedgerEvent {
  const { certificate, version, key } = subject;
  const name = placed(subject);
  const { at, found, owners, times, seen } = changed;
  const who = owners.length > 0 ? owners.join(', ') : null;
  return {
    id: `${certificate}-listener-changed-${version.id}-${short(key)}-${at.getTime()}`,
    type: 'listener-changed',
    at: at.toISOString(),
    certificate,
    // One change may be a person's mistake; repeated ones mostly come from a machine, which will do it again.
    severity: times > 1 ? 'critical' : 'warning',
    summary: `${certificate}: somebody changed ${name}; certkeep has bound the certificate again`,
    details: {
      stage: 'rebind',
      target: name,
      found: `default ${found.default ?? 'none'}, and ${found.list.length} in the list`,
      served: seen.probe?.outcome === 'contradicted' ? seen.probe.detail : null,
      managedBy: who,
      changes: `${times} by certkeep within 24 hours (at most ${changesADay})`,
      serial: version.serial,
      nextStep: `${whoToStop(who)}, or take the target out of the configuration: certkeep corrects the listener again, but not without end.`,
    },
  };
}

function whoToStop(managers: string | null): string {
  return managers === null
    ? 'Find out in CloudTrail who changes the certificates of this load balancer, and stop that'
    : `Its tags say that ${quoted(managers)} manages the load balancer: stop setting the certificate there`;
}

type SeenInAcm = { readonly place: string; readonly arn: string; readonly at: Date };

/** Sent once for each ARN and version. */
export function lookAlikeEvent(
  certificate: string,
  version: Version,
  { place, arn, at }: SeenInAcm,
): LedgerEvent {
  return {
    id: `${certificate}-look-alike-${version.id}-${short(arn)}`,
    type: 'failed',
    at: at.toISOString(),
    certificate,
    severity: 'critical',
    summary: `${certificate}: ACM in ${place} holds another certificate with its serial`,
    details: inAcm('LookAlikeFound', version, { place, arn }),
  };
}

/** Sent each time that our version was imported again. */
export function overwrittenEvent(
  certificate: string,
  version: Version,
  { place, arn, at }: SeenInAcm,
): LedgerEvent {
  return {
    id: `${certificate}-overwritten-${short(arn)}-${at.getTime()}`,
    type: 'failed',
    at: at.toISOString(),
    certificate,
    severity: 'critical',
    summary: `${certificate}: somebody imported over it in ACM of ${place}; certkeep has imported it again`,
    details: inAcm('CertificateOverwritten', version, { place, arn }),
  };
}

function inAcm(
  error: 'LookAlikeFound' | 'CertificateOverwritten',
  { serial, fingerprintSha256 }: Version,
  { place, arn }: Pick<SeenInAcm, 'place' | 'arn'>,
): LedgerEvent['details'] {
  const { nextStep } = catalogue[error];
  return { stage: 'import', error, place, arn, serial, fingerprint: fingerprintSha256, nextStep };
}

/** Sent when our resources could not be removed from a retired place; no service depends on it. */
export function notRetiredEvent(
  certificate: string,
  place: string,
  { failure, error }: Pick<RecordedFailure, 'failure' | 'error'>,
): LedgerEvent {
  return {
    id: `${certificate}-retire-failed-${short(place)}-${occasion(failure)}`,
    type: 'failed',
    at: failure.lastAt,
    certificate,
    severity: 'warning',
    summary: `${certificate} could not be taken out of ${place}: ${failure.error}`,
    details: {
      ...detailsOf({ failure, error, stage: 'import', servedUntil: null }),
      target: place,
    },
  };
}

/** Sent once per version and target until a proof comes in between. */
export function unprovenEvent(
  subject: Subject,
  deployment: Pick<Deployment, 'provenAt'>,
  { failure, verdict }: { readonly failure: Failure; readonly verdict: Verdict },
): LedgerEvent {
  const { certificate, version, key } = subject;
  const name = placed(subject);
  const { served, serial, fingerprintSha256 } = verdict;
  const other = served && fingerprintSha256 !== version.fingerprintSha256 ? served : null;
  const since = deployment.provenAt ? `-${Date.parse(deployment.provenAt)}` : '';
  return {
    id: `${certificate}-unproven-${version.id}-${short(key)}${since}`,
    type: 'unproven',
    at: failure.lastAt,
    certificate,
    severity: 'warning',
    summary: other
      ? `${certificate}: ${name} serves another certificate for ${other.servername}`
      : `${certificate}: nobody could check whether ${name} serves it`,
    details: {
      stage: 'verify',
      message: failure.message,
      newSerial: version.serial,
      servedSerial: other && serial,
      servedUntil: other?.notAfter.toISOString() ?? null,
      target: name,
      nextAttemptAt: failure.nextAttemptAt,
      nextStep: other
        ? 'Find the certificate with the served serial, in the list of the listener or in front of it. certkeep rolled nothing back.'
        : 'Check the endpoint from a machine that can reach it. certkeep rolled nothing back.',
    },
  };
}

function detailsOf({
  failure,
  error,
  stage,
  servedUntil,
}: RecordedFailure): LedgerEvent['details'] {
  const known: CertkeepError | null = isCertkeepError(error) ? error : null;
  return {
    stage: known?.stage ?? stage,
    error: failure.error,
    message: failure.message,
    attempts: failure.count,
    nextAttemptAt: failure.nextAttemptAt,
    servedUntil,
    nextStep: known?.nextStep ?? 'Read the log of the deploy function at this time.',
  };
}

/** Says whether retries alone will not help, or not in time. */
function needsPerson({ error, failure, servedUntil, isUrgent = false }: RecordedFailure): boolean {
  if (isUrgent) return true;
  if (isCertkeepError(error) && !error.retryable) return true;
  return servedUntil !== null && Date.parse(servedUntil) - Date.parse(failure.lastAt) < 3 * dayMs;
}

/**
 * Names the occasion of an event: an error that is sent once has one occasion for all versions; other errors have one for
 * each failure.
 */
function occasionOf({ error, failure }: RecordedFailure, version: Version): string {
  const once = isCertkeepError(error) ? error.once : null;
  return once === null ? `${version.id}-${occasion(failure)}` : short(once);
}

/** The count begins again after a proof, so it alone would give two failures the same name. */
function occasion(failure: Failure): string {
  return `${failure.count}-${Date.parse(failure.lastAt)}`;
}

/** Target keys hold ARNs, which do not fit into an id. */
function short(key: string): string {
  return createHash('sha256').update(key).digest('hex').slice(0, 8);
}
