import type { CertificateConfig } from '#shared/config/config.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { LeasedRecord } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import type { Solvers } from '#shared/solvers/solvers.ts';
import type { Clock } from '#shared/time/clock.ts';

/** The data that the steps of one acquisition share. `mine` refuses when the lease is gone. */
export type Acquisition = {
  readonly certificate: CertificateConfig;
  readonly attemptId: string;
  readonly mine: LeasedRecord;
  readonly issuer: Issuer;
  readonly issuerConfig: IssuerConfig;
  readonly budgetBook: BudgetBook;
  readonly solvers: Solvers;
  readonly dns: DnsClient;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
  /** The number of failures in a row. */
  readonly failures: number;
  /** The time to stop waiting and leave the rest to the next run. */
  readonly waitUntil: Date;
  /** Called when the run has no time to remove everything that must be removed. */
  readonly onCut: () => void;
};

/** Writes the progress of the attempt: `change` is one of its transitions (attempt.ts). */
export function advance(
  { attemptId, mine }: Acquisition,
  change: (record: CertificateRecord, attemptId: string) => CertificateRecord,
): Promise<CertificateRecord> {
  return mine.update((record) => change(record, attemptId));
}
