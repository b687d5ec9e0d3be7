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

/** The lease guards the attempt: if it is another one now, the record was changed around the lease. */
export function attemptOf(record: CertificateRecord, attemptId: string): Attempt {
  if (record.attempt?.id !== attemptId) {
    throw new Error(`${record.id}: attempt ${attemptId} is no longer in the ledger`);
  }
  return record.attempt;
}

/** It takes the place of the one before, where there is one. */
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

/** A run goes on with it. What was planned with another configuration is looked at and planned anew. */
export function resumed(record: CertificateRecord, configuration: string): CertificateRecord {
  if (!record.attempt || record.attempt.configuration === configuration) return record;
  const attempt = { ...record.attempt, configuration, checked: 0 };
  return withoutPlans({ ...record, attempt });
}

/** There is no reason for it any more. */
export function abandoned(record: CertificateRecord): CertificateRecord {
  if (!record.attempt) return record;
  return { ...record, attempt: null, acquireFailure: null };
}

/** Before anything that is bound to the key exists. */
export function keyStored(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, { keyStored: true });
}

/** DNS of the first `count` of its names was looked at before there is an order. */
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

/** Before anything else is done with the order. */
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

/** It may have been for what the order said to replace: the next one says so where this one did not, and the other way round. */
export function newOrderFailed(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, ({ withoutReplaces = false }) => ({
    withoutReplaces: !withoutReplaces,
  }));
}

/** Nothing more is to be done for this authorization: it is valid, or its challenge was answered. */
export function authorizationSettled(
  record: CertificateRecord,
  id: string,
  url: string,
): CertificateRecord {
  return ifThere(record, id, ({ settled = [] }) => ({ settled: [...settled, url] }));
}

/** The CA does not come to an end: the next run asks what became of each authorization. */
export function authorizationsSlow(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, () => ({ settled: [] }));
}

/** Its order is no longer pending, so nothing is waited for. */
export function authorized(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, { lookAgainAt: null });
}

/** Before the CSR is sent: whatever becomes of that call, a later run sends no other one. */
export function csrSent(
  record: CertificateRecord,
  id: string,
  { csr, finalizeUrl }: { readonly csr: string; readonly finalizeUrl: string },
): CertificateRecord {
  return withChange(record, id, { csr, finalizeUrl, waitingSince: null });
}

/** The certificate of the order is for another key of ours, which has finalized it. */
export function orderTaken(record: CertificateRecord, id: string): CertificateRecord {
  return withChange(record, id, withoutOrder);
}

/** Nobody's failure: its time, or that of an authorization, was over. */
export function orderExpired(record: CertificateRecord, id: string): CertificateRecord {
  return ifThere(record, id, () => ({ ...withoutOrder, settled: [] }));
}

/** The next run makes another one. */
export const withoutOrder = { orderUrl: null, finalizeUrl: null } as const;

/** The version is desired, and the event leaves with the same write. `kept` are the ids of versions that stay beside it. */
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

/** A force that came while the key before it was taken over asks for another one. */
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

/** Nothing where the record has another attempt: a proof of a fallback has none there. */
function ifThere(
  record: CertificateRecord,
  id: string,
  change: (attempt: Attempt) => Partial<Attempt>,
): CertificateRecord {
  const { attempt } = record;
  if (attempt?.id !== id) return record;
  return { ...record, attempt: { ...attempt, ...change(attempt) } };
}
