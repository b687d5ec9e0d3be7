import type { CertificateConfig } from '#shared/config/config.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import { withHistory } from '#shared/ledger/record/history.ts';
import type { Attempt, CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import { isUrgent } from '#shared/ledger/urgent.ts';
import { fallbacksOf } from './advice/fallbacks.ts';
import { withoutPlans } from './challenges/values.ts';
import { issuedEvent } from './events.ts';
import { onlyInARow } from './renewal/due-when-issued.ts';

/*
 *               begun         keyStored            ordered              csrSent
 *   no attempt ───────▶ begun ─────────▶ with a key ───────▶ with an order ───────▶ finalizing
 *       ▲                 ▲                  ▲                     │                    │
 *       │                 │                  └─────────────────────┴────────────────────┤
 *       │                 │   orderExpired, orderTaken, failed (goes on with the key)   │
 *       │                 │                                                             │
 *       │                 └─────────────────────────────────────────────────────────────┤
 *       │                   failed (goes on with another key), handedOver: from any     │
 *       │                                                                               │
 *       └───────────────────────────────────────────────────────────────────────────────┘
 *         stored (its version is the desired one), abandoned: from any
 *
 *            parked, limited, failed, handedOver (all issuers had a turn)
 *   at work ──────────────────────────────────────────────────────────────▶ waits until a time
 *      ▲                                                                            │
 *      └────────────────────────────────────────────────────────────────────────────┘
 *        the time has come, a person retries, wentOn, handedOver (to one that had no turn)
 *
 * A run skips the wait where a person forces, or the configuration is another one (resumed). An attempt whose order was
 * taken after its CSR was sent keeps the CSR for the next order.
 */

export type NewAttempt = {
  readonly reason: string;
  readonly issuer: string;
  readonly configuration: string;
  readonly reuseKey: boolean;
  readonly now: Date;
};

export function newAttempt(
  id: string,
  certificate: CertificateConfig,
  { reason, issuer, configuration, reuseKey, now }: NewAttempt,
): Attempt {
  return {
    id,
    reason,
    startedAt: now.toISOString(),
    issuer,
    names: [...certificate.names],
    keyAlgorithm: certificate.key,
    configuration,
    orderUrl: null,
    keyStored: false,
    csr: null,
    finalizeUrl: null,
    reuseKey,
    lookAgainAt: null,
  };
}

/** The lease guards the attempt: if the attempt is another one now, the record was changed without the lease. */
export function attemptOf(record: CertificateRecord, attemptId: string): Attempt {
  if (record.attempt?.id !== attemptId) {
    throw new Error(`${record.id}: attempt ${attemptId} is no longer in the ledger`);
  }
  return record.attempt;
}

/** Replaces the earlier attempt, if there is one. */
export function begun(
  record: CertificateRecord,
  attempt: Attempt,
  { issuers }: Pick<CertificateConfig, 'issuers'>,
): CertificateRecord {
  if (record.attempt?.id === attempt.id) return record;
  const fallbacks = fallbacksOf(record, issuers);
  return withHistory(
    { ...onlyInARow(record), attempt, acquireFailure: null, fallbacks },
    { at: attempt.startedAt, stage: 'issue', what: 'attempt begun', why: attempt.reason },
  );
}

/** A run goes on with the attempt. Whatever was planned with another configuration is checked and planned anew. */
export function resumed(record: CertificateRecord, configuration: string): CertificateRecord {
  if (!record.attempt || record.attempt.configuration === configuration) return record;
  const attempt = { ...record.attempt, configuration, checked: 0 };
  return withoutPlans({ ...record, attempt });
}

/** Nothing requires the attempt any more. */
export function abandoned(record: CertificateRecord): CertificateRecord {
  if (!record.attempt) return record;
  return { ...record, attempt: null, acquireFailure: null };
}

/** Written before anything that is bound to the key exists. */
export function keyStored(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, { keyStored: true });
}

/** DNS of the first `count` of its names was checked before there is an order. */
export function namesChecked(
  record: CertificateRecord,
  id: string,
  count: number,
): CertificateRecord {
  return ifThere(record, id, () => ({ checked: count }));
}

type Ordered = {
  readonly url: string;
  readonly standing: NonNullable<Attempt['standing']>;
  readonly profile: string | null;
};

/** Written before anything else is done with the order. */
export function ordered(
  record: CertificateRecord,
  id: string,
  { url, standing, profile }: Ordered,
): CertificateRecord {
  return withChange(record, id, {
    orderUrl: url,
    standing,
    finalizeUrl: null,
    profile,
    waitingSince: null,
    checked: 0,
    settled: [],
  });
}

/**
 * The failure may concern the replacement that the order named: the next order names it if this one did not, and vice
 * versa.
 */
export function newOrderFailed(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, ({ withoutReplaces = false }) => ({
    withoutReplaces: !withoutReplaces,
  }));
}

/** This authorization needs nothing more: it is valid, or its challenge was answered. */
export function authorizationSettled(
  record: CertificateRecord,
  id: string,
  url: string,
): CertificateRecord {
  return ifThere(record, id, ({ settled = [] }) => ({ settled: [...settled, url] }));
}

/** The CA does not finish: the next run asks for the state of each authorization. */
export function authorizationsSlow(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, () => ({ settled: [] }));
}

/** Its order is no longer pending, so it waits for nothing. */
export function authorized(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, { lookAgainAt: null });
}

/** Written before the CSR is sent: whatever becomes of that call, a later run sends no other CSR. */
export function csrSent(
  record: CertificateRecord,
  id: string,
  { csr, finalizeUrl }: { readonly csr: string; readonly finalizeUrl: string },
): CertificateRecord {
  return withChange(record, id, { csr, finalizeUrl, waitingSince: null });
}

/** The certificate of the order is for another key of ours, with which the order was finalized. */
export function orderTaken(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, withoutOrder);
}

/** The order, or one of its authorizations, has expired. That is no failure of anybody. */
export function orderExpired(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, () => ({ ...withoutOrder, settled: [] }));
}

/** The next run creates another order. */
export const withoutOrder = { orderUrl: null, finalizeUrl: null } as const;

/**
 * Makes the version the desired one; the event is part of the same write. `kept` are the ids of versions that stay beside
 * it.
 */
export function stored(
  record: CertificateRecord,
  version: Version,
  kept: readonly string[],
): CertificateRecord {
  if (record.desired === version.id) return record;
  const versions = record.versions.filter(({ id }) => kept.includes(id) && id !== version.id);
  const urgent = isUrgent(record, new Date(version.issuedAt)) && { isUrgent: true };
  return withEvent(
    {
      ...record,
      desired: version.id,
      versions: [...versions, { ...version, ...urgent }],
      attempt: null,
      acquireFailure: null,
      forced: forcedStill(record),
    },
    issuedEvent(record.id, version, record.attempt?.reason ?? null),
  );
}

/** A force that came after the attempt took over the earlier key asks for another key. */
function forcedStill({ attempt, forced }: CertificateRecord): CertificateRecord['forced'] {
  return forced && attempt?.reuseKey && forced.at > attempt.startedAt ? forced : null;
}

/** @throws Error where the record has another attempt */
function withChange(
  record: CertificateRecord,
  id: string,
  change: Partial<Attempt>,
): CertificateRecord {
  return { ...record, attempt: { ...attemptOf(record, id), ...change } };
}

/** Changes nothing where the record has another attempt: a proof of a fallback has none there. */
function ifThere(
  record: CertificateRecord,
  id: string,
  change: (attempt: Attempt) => Partial<Attempt>,
): CertificateRecord {
  const { attempt } = record;
  if (attempt?.id !== id) return record;
  return { ...record, attempt: { ...attempt, ...change(attempt) } };
}
