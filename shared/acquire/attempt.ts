import type { CertificateConfig } from '#shared/config/config.ts';
import type { Attempt, CertificateRecord } from '#shared/ledger/record/record.ts';

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

/** Nothing where the record knows of another attempt: a proof of a fallback has none there. */
export function withAttempt(
  record: CertificateRecord,
  id: string,
  change: (attempt: Attempt) => Partial<Attempt>,
): CertificateRecord {
  const { attempt } = record;
  if (attempt?.id !== id) return record;
  return { ...record, attempt: { ...attempt, ...change(attempt) } };
}

/** The lease guards the attempt: if it is another one now, the record was changed around the lease. */
export function attemptOf(record: CertificateRecord, attemptId: string): Attempt {
  if (record.attempt?.id !== attemptId) {
    throw new Error(`${record.id}: attempt ${attemptId} is no longer in the ledger`);
  }
  return record.attempt;
}
