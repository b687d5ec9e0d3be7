import { isWorthTelling } from '#shared/ledger/backoff.ts';
import {
  type CertificateRecord,
  type Deployment,
  desiredVersion,
  type Failure,
} from '#shared/ledger/record/record.ts';
import { stamp } from '../../text/times.ts';
import { nameOf } from './steps.ts';

/** A certificate as it was before somebody asked for something. */
export type Before = {
  readonly id: string;
  /** Null where nobody had written anything. */
  readonly record: CertificateRecord | null;
  /** How many targets it has; null where that is not known. */
  readonly targets: number | null;
};

type End =
  | { readonly is: 'done'; readonly text: string }
  /** `lacks` says what has not happened: `is not served`. */
  | {
      readonly is: 'open';
      readonly text: string;
      readonly lacks: string;
      /** The command that helps, where it is not the one that shows the certificate. */
      readonly mends?: 'doctor';
    };

export type State = {
  /** Null while something is under way. */
  readonly end: End | null;
  /** The step that has to come next. */
  readonly waitsFor: string;
};

/** Says how far a new version is on its way. */
export function acquiring(start: Before, record: CertificateRecord | null): State {
  const { acquireFailure = null, attempt = null } = record ?? {};
  const failure = newFailure(start.record?.acquireFailure ?? null, acquireFailure);
  // An issuer that takes over begins at once.
  const goesOn = failure !== null && failure.nextAttemptAt <= failure.lastAt;
  const end = failure && !goesOn && isWorthTelling(failure) ? failed(failure) : null;
  return { end, waitsFor: acquireText(attempt) };
}

function acquireText(attempt: CertificateRecord['attempt']): string {
  if (!attempt) return 'issue to begin';
  const { csr, issuer, orderUrl } = attempt;
  if (orderUrl === null) return `an order at ${issuer}`;
  return csr === null ? `${issuer} to validate the names` : `the certificate of ${issuer}`;
}

/** Says how many targets serve the version in service. */
export function deploying(start: Before, record: CertificateRecord): State {
  const all = Object.entries(record.deployments);
  const isThere = ([, { state, versionId }]: readonly [string, Deployment]) =>
    versionId === record.desired && state === 'proven';
  const served = all.filter(isThere);
  const failures = all.flatMap(([key, each]) => {
    if (isThere([key, each]) || each.state === 'awaiting-proof') return [];
    const failure = newFailure(start.record?.deployments[key]?.failure ?? null, each.failure);
    return failure && isWorthTelling(failure) ? [{ name: nameOf(key, each), failure }] : [];
  });
  // Where nobody has said how many there are, there are those that were seen.
  const count = start.targets ?? Math.max(1, all.length);
  const waitsFor = `${served.length} of ${Math.max(count, all.length)} targets to serve it`;
  if (served.length + failures.length < count) return { end: null, waitsFor };
  const [first] = failures;
  if (first) return { end: failed(first.failure, first.name), waitsFor };
  return { end: { is: 'done', text: servedText(record, served.length) }, waitsFor };
}

function servedText(record: CertificateRecord, count: number): string {
  const until = desiredVersion(record)?.notAfter.slice(0, 10) ?? '';
  if (count === 0) return `stored, and it has no targets; valid until ${until}`;
  return `served at ${count === 1 ? 'its target' : `all ${count} targets`}; valid until ${until}`;
}

/** `where` is what it is about, `lacks` what has not happened. */
export function failed(
  { error, message, nextAttemptAt }: Failure,
  where: string | null = null,
  lacks = 'is not served',
): End {
  const again = `certkeep tries again by itself at ${stamp(nextAttemptAt)}`;
  const what = `${error}: ${message.replace(/[.\s]+$/, '')}`;
  return { is: 'open', text: `${where ? `${where}: ` : ''}${what}; ${again}`, lacks };
}

/** A wish to try again changes the time of the next try, and nothing else of a failure. */
function newFailure(before: Failure | null, now: Failure | null): Failure | null {
  return now !== null && now.lastAt !== before?.lastAt ? now : null;
}
