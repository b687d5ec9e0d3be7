import type { Condition, Danger } from '#shared/status/condition.ts';
import { type CertificateLine, statusOf } from '#shared/status/status.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { now } from './healthy.ts';

const installation = { name: 'certkeep', account: '123456789012', region: 'eu-central-1' };

/** A certificate that is well, as check writes its line. */
function lineOf(id: string, change: Partial<CertificateLine> = {}): CertificateLine {
  const ends = addMs(now, 80 * dayMs).toISOString();
  return {
    ...{ id, name: `${id}.example.com`, names: 2, issuer: 'letsencrypt', targets: 1 },
    ...{ endsAt: ends, servedUntil: ends, renewsAt: addMs(now, 50 * dayMs).toISOString() },
    ...change,
  };
}

/** Trouble that needs a person in good time. */
export function troubled(
  change: Omit<Partial<Condition>, 'danger'> & { readonly danger?: Partial<Danger> } = {},
): Condition {
  const { danger, ...rest } = change;
  return {
    ...{ type: 'Renewable', about: 'letsencrypt', status: 'false', reason: 'CaaForbids' },
    ...{ message: 'CaaForbids: example.com allows only digicert.com', scope: null },
    ...{ since: addMs(now, -dayMs).toISOString(), nextAttemptAt: null },
    ...rest,
    danger: {
      ...{ severity: 'warning', clients: 'valid', where: 'web:443 (eu-central-1)' },
      ...{ hurtsAt: addMs(now, 80 * dayMs).toISOString() },
      ...danger,
    },
  };
}

/** What check has written; each certificate is well unless told, and has no owner unless given. */
export function fleetStatus(
  certificates: Readonly<Record<string, readonly Condition[]>>,
  {
    at = now,
    own = [],
    owners = {},
  }: {
    readonly at?: Date;
    readonly own?: readonly Condition[];
    readonly owners?: Readonly<Record<string, string>>;
  } = {},
): Status {
  const all = Object.entries(certificates).map(([id, conditions]) => {
    const servedUntil = conditions.map(({ danger }) => danger.hurtsAt).find((end) => end !== null);
    const owner = owners[id];
    const change = { ...(servedUntil && { servedUntil }), ...(owner && { owner }) };
    return { line: lineOf(id, change), conditions };
  });
  return statusOf({ installation, checkedAt: at, conditions: own, certificates: all });
}
