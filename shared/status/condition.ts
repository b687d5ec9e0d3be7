import { dayMs } from '#shared/time/clock.ts';

/**
 * What certkeep says of everything it keeps, as Kubernetes and cert-manager do: a type, a status, and why. Each type has a
 * heading in docs/runbook.md (a test ties them).
 */
export const conditionTypes = {
  /** Of a certificate. */
  Issued: 'A certificate that clients trust is stored, has not ended, and is not revoked.',
  Renewable: 'The next renewal can be expected to work: account, solvers, limits, fallbacks.',
  Stored: 'The secret with the key is there and can be read.',
  Configured: 'The configuration keeps the certificate, and everything in it can be followed.',
  Unchallenged: 'Nothing of an earlier order is left in DNS.',
  /** Of a certificate at a target. */
  Deployed: 'The target is given the certificate.',
  Served: 'The endpoint itself was seen to serve the certificate.',
  /** Of a certificate in a replica region. */
  Copied: 'The region holds the certificate.',
  /** Of the installation. */
  Checking:
    'Check reads every record, or the one of a certificate, and can send the work that is due.',
  Verifying: 'Endpoints and listeners are looked at in time.',
  Delivering: 'Issued certificates reach their targets in time.',
  Permitted: 'The rights in a place suffice for the next renewal, as deploy has tried.',
  Watched: 'Somebody who has confirmed gets the messages, and every alarm and sign of life works.',
  Discovered: 'Nothing that carries the tag of a certificate waits for a person.',
  Alerting: 'Alert comes after each check, and somebody can hear it.',
} as const;

export type ConditionType = keyof typeof conditionTypes;

/** `unknown`: nobody can say, or it is still being tried. */
export const statuses = ['true', 'false', 'unknown'] as const;
type Status = (typeof statuses)[number];

/**
 * `none`: nobody has to do anything. `warning`: a person has to, before clients are hurt. `critical`: clients are hurt, or
 * will be within days, or a key is lost.
 */
export const severities = ['none', 'warning', 'critical'] as const;
export type Severity = (typeof severities)[number];

/** What clients get meanwhile. */
export const clientsGet = [
  /** A certificate that is good until `hurtsAt`. */
  'valid',
  'ended',
  'revoked',
  'another',
  /** Another one from time to time. */
  'changing',
  /** An earlier one, which nobody renews. */
  'earlier',
  'not-yet',
  'unaffected',
] as const;
type ClientsGet = (typeof clientsGet)[number];

/** What a condition means for clients. */
export type Danger = {
  readonly severity: Severity;
  readonly clients: ClientsGet;
  /** The target whose clients are hurt first; null for all, or none. */
  readonly where: string | null;
  /** ISO 8601; when clients are hurt unless something changes, in the past where they are. Null where they are not. */
  readonly hurtsAt: string | null;
};

export type Condition = {
  readonly type: ConditionType;
  /** The target, region, place, issuer or name that it is about; null for the whole. */
  readonly about: string | null;
  readonly status: Status;
  /** A name from the catalogue of errors, or one word for a state that is no error. */
  readonly reason: string;
  /** One sentence for a person, without a full stop. */
  readonly message: string;
  /** The cause that many share, such as `issuer letsencrypt`; null where it is the certificate's own. */
  readonly scope: string | null;
  /** ISO 8601; the time since which it has this status. */
  readonly since: string;
  readonly danger: Danger;
  /** ISO 8601; when certkeep tries again by itself. Null where it does not, or where nothing failed. */
  readonly nextAttemptAt: string | null;
};

export const noDanger: Danger = {
  severity: 'none',
  clients: 'unaffected',
  where: null,
  hurtsAt: null,
};

/** What clients get, in one sentence without a full stop. */
export function clientsText({ clients, hurtsAt, where }: Danger): string {
  const who = where === null ? 'clients' : `clients at ${where}`;
  const day = hurtsAt?.slice(0, 10);
  switch (clients) {
    case 'valid':
      return `${who} get a certificate that is valid${day ? ` until ${day}` : ''}`;
    case 'ended':
      return `${who} get a certificate that ended${day ? ` on ${day}` : ''}`;
    case 'revoked':
      return `${who} get a certificate that its CA has revoked`;
    case 'another':
      return `${who} get another certificate`;
    case 'changing':
      return `${who} get another certificate from time to time`;
    case 'earlier':
      return `${who} get an earlier certificate${day ? `, which ends on ${day}` : ''}`;
    case 'not-yet':
      return `${who} do not get this certificate yet`;
    case 'unaffected':
      return 'clients are not affected';
  }
}

/** People need this long to act; a short life leaves less. */
const urgentMs = 3 * dayMs;
const urgentShareOfLife = 1 / 6;

/** Returns how long before its end the trouble of a certificate with that lifetime is critical, in milliseconds. */
export function criticalWithin(lifetimeMs: number): number {
  return Math.min(urgentMs, lifetimeMs * urgentShareOfLife);
}

/** Says whether a person is needed. */
export function isBad({ danger }: Pick<Condition, 'danger'>): boolean {
  return danger.severity !== 'none';
}

/** Orders the worst first: by severity, then by the time at which clients are hurt, then by age. */
export function byDanger(a: Condition, b: Condition): number {
  return (
    severities.indexOf(b.danger.severity) - severities.indexOf(a.danger.severity) ||
    compare(a.danger.hurtsAt ?? never, b.danger.hurtsAt ?? never) ||
    compare(a.since, b.since)
  );
}

const never = '9999';

function compare(a: string, b: string): number {
  if (a === b) return 0;
  return a < b ? -1 : 1;
}

/** Names a condition among all of a certificate or of the installation. */
export function conditionKey({ about, type }: Pick<Condition, 'type' | 'about'>): string {
  return about === null ? type : `${type} ${about}`;
}
