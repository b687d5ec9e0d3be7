import { CertkeepError } from '#shared/errors.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { RevocationCode } from '#shared/revocation-codes.ts';
import { dayMs } from '#shared/time/clock.ts';
import type { WishName } from './entrance.ts';

/** A person's request to check, about certificates named one by one. */
export type Wish = {
  /**
   * `force` issues again; `retry` makes work that waits for its back-off due now, and issues nothing because of it; `pause`
   * lets no renewal begin, and `resume` ends that; `rollback` puts an earlier version back into service; `bar` keeps a
   * version out of service, and `unbar` ends that; `revoke` has the CA revoke a version, once another one is served;
   * `rehearse` tries the next renewal at a staging directory; `approve` and `withdraw` decide about a tagged resource.
   */
  readonly kind: Exclude<WishName, 'override'>;
  /** What the CA is told; absent for everything but a revocation. */
  readonly code?: RevocationCode | undefined;
  /** The end of a pause or of a rollback; absent for everything else. */
  readonly until?: Date | undefined;
  /** The id or the serial of the version that a person named. */
  readonly version?: string | undefined;
  /** By certificate: the id of the version that the wish is about (version-wish.ts). */
  readonly versions?: ReadonlyMap<string, string>;
  /** The ARN of the tagged resource that the wish is about. */
  readonly resource?: string | undefined;
  /** Certificates whose version in service may have the key that leaked, whatever version the wish is about. */
  readonly leaked?: ReadonlySet<string>;
  readonly reason: string;
  /** True if the wish may exceed a limit of the CA. */
  readonly overrides: boolean;
  readonly runId: string;
  /** Who asks, as the caller claims: nobody has checked it. Absent where nobody says it. */
  readonly by?: string | undefined;
};

/**
 * Lambda repeats a failed asynchronous run under its id: its wish may be fulfilled already.
 * @throws CertkeepError OverrideUsedUp
 */
export function withWish(record: CertificateRecord, wish: Wish, now: Date): CertificateRecord {
  if (isDone(record, wish)) return record;
  assertOverrides([record], wish, now);
  const at = now.toISOString();
  const what = nameOf(wish);
  return withHistory(wished(record, wish, at), { at, stage: 'check', what, why: wish.reason });
}

function wished(record: CertificateRecord, wish: Wish, at: string): CertificateRecord {
  const { overrides, reason, runId, until } = wish;
  switch (wish.kind) {
    case 'force': {
      const forced = { at, reason, ...(overrides && { override: true }) };
      return { ...record, forced, ...(overrides && { overriddenAt: at }) };
    }
    case 'retry':
      return { ...record, retried: { ...record.retried, at, run: runId } };
    case 'pause':
      return {
        ...record,
        paused: { ...record.paused, at, until: until?.toISOString() ?? at, reason },
      };
    case 'resume':
      return { ...record, paused: null };
    case 'rollback': {
      const chosen = { at, versionId: versionOf(record, wish), reason };
      return { ...record, chosen: { ...chosen, until: until?.toISOString() ?? null } };
    }
    case 'bar':
      return { ...record, barred: [...barredBeside(record, wish), barOf(record, wish, at)] };
    case 'revoke': {
      const { code = 'unspecified' } = wish;
      const versionId = versionOf(record, wish);
      const revoking = { at, versionId, code, reason };
      // Its successor has another key, and does not wait for a limit that certkeep keeps for such a case.
      const forced = { at, reason: `revoke: ${reason}`, override: true as const };
      return { ...record, revoking, ...(isReplaced(record, wish) && { forced }) };
    }
    case 'rehearse':
      return { ...record, rehearsing: { ...record.rehearsing, at, reason } };
    case 'unbar':
      return { ...record, barred: barredBeside(record, wish) };
    case 'approve':
    case 'withdraw':
      // The approvals hold it; the history keeps who and why.
      return record;
  }
}

/** Says whether a revocation needs a new certificate first: the version in service is revoked, or its key has leaked. */
export function isReplaced(record: CertificateRecord, wish: Wish): boolean {
  return record.desired === versionOf(record, wish) || wish.leaked?.has(record.id) === true;
}

function versionOf({ id }: CertificateRecord, { versions }: Wish): string {
  return versions?.get(id) ?? '';
}

function barOf(record: CertificateRecord, wish: Wish, at: string) {
  return { versionId: versionOf(record, wish), at, reason: wish.reason };
}

/** Bars on versions that are gone say nothing any more. */
function barredBeside(record: CertificateRecord, wish: Wish): CertificateRecord['barred'] {
  const known = record.versions.map(({ id }) => id).filter((id) => id !== versionOf(record, wish));
  return record.barred.filter(({ versionId }) => known.includes(versionId));
}

export function isDone({ history }: CertificateRecord, wish: Wish): boolean {
  return history.some(({ what }) => what === nameOf(wish));
}

/** A repeated run has the same payload, and so the same name. */
function nameOf({ by, kind, overrides, resource, runId }: Wish): string {
  const what = resource === undefined ? kind : `${kind} of ${resource}`;
  const name = `${overrides ? 'override' : what} by run ${runId}`;
  return by === undefined ? name : `${name}, as claimed by ${by}`;
}

/**
 * Everybody shares a CA's limit: it can be overridden only once a day for a certificate.
 * @throws CertkeepError OverrideUsedUp
 */
export function assertOverrides(
  records: readonly CertificateRecord[],
  wish: Wish,
  now: Date,
): void {
  if (!wish.overrides) return;
  const used = records.filter((record) => !isDone(record, wish) && isUsedUp(record, now));
  if (used.length === 0) return;
  const each = used.map(({ id, overriddenAt }) => `${id} at ${overriddenAt}`);
  throw new CertkeepError(
    'OverrideUsedUp',
    `a limit may be overridden once a day, and was for ${each.join(', ')}`,
  );
}

/** Certkeep never wrote a time in the future. */
function isUsedUp({ overriddenAt }: CertificateRecord, now: Date): boolean {
  const agoMs = now.getTime() - new Date(overriddenAt ?? 0).getTime();
  return agoMs >= 0 && agoMs < dayMs;
}
