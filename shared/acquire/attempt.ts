import { createHash } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import type { DnsClient } from '#shared/dns/dns-client.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { Attempt, CertificateRecord } from '#shared/ledger/record/record.ts';
import type { Log } from '#shared/log.ts';
import type { BudgetBook } from '#shared/rate-limits/budget-book.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { solverSelection } from '#shared/solvers/select.ts';
import type { Solvers } from '#shared/solvers/solvers.ts';
import type { Clock } from '#shared/time/clock.ts';

/** What the steps of one acquisition share. `ledger` is the leased one: it refuses when the lease is gone. */
export type Acquisition = {
  readonly certificate: CertificateConfig;
  readonly attemptId: string;
  readonly ledger: Pick<Ledger, 'update'>;
  readonly issuer: Issuer;
  readonly issuerConfig: IssuerConfig;
  readonly budgetBook: BudgetBook;
  readonly solvers: Solvers;
  readonly dns: DnsClient;
  readonly keyStore: KeyStore;
  readonly clock: Clock;
  readonly log: Log;
  readonly pollMs: number;
  /** How often in a row it has failed. */
  readonly failures: number;
  /** When to stop waiting and be called again. */
  readonly waitUntil: Date;
  /** Told when the run has no time to remove all that is to be removed. */
  readonly onCut: () => void;
};

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

/**
 * One comparable text of everything outside the certificate's own lines that an attempt depends on: a digest of what its
 * limits depend on, a hyphen, and a digest of its issuers and of the solvers that prove its names.
 */
export function configurationOf(
  config: Pick<Config, 'issuers' | 'solvers'>,
  { issuers, names }: Pick<CertificateConfig, 'issuers' | 'names'>,
): string {
  const asked = issuers.map((name) => config.issuers[name]);
  const limited = asked.map((issuer) => [
    issuer?.directory,
    issuer?.externalAccountBinding,
    issuer?.limits,
  ]);
  return `${digest(limited)}-${digest([asked, usedSolvers(config.solvers, names)])}`;
}

/** Whether two configurations share their limits: the same CAs, accounts and configured limits. */
export function sameLimits(configuration: string, other: string): boolean {
  return configuration.split('-', 1)[0] === other.split('-', 1)[0];
}

function usedSolvers(solvers: Config['solvers'], names: readonly string[]) {
  const select = selectionOf(solvers);
  const used = names.flatMap((name) => [select(name, ['dns-01']), select(name, ['http-01'])]);
  return [...new Set(used)];
}

/** One for all certificates of a configuration. */
const selections = new WeakMap<Config['solvers'], Selection>();
type Selection = ReturnType<typeof solverSelection<Config['solvers'][number]>>;

function selectionOf(solvers: Config['solvers']): Selection {
  const known = selections.get(solvers) ?? solverSelection(solvers, challengeOf);
  selections.set(solvers, known);
  return known;
}

function digest(value: unknown): string {
  return createHash('sha256').update(JSON.stringify(value)).digest('hex').slice(0, 12);
}

/** Writes part of the attempt in progress and returns it as written. */
export async function updateAttempt(
  acquisition: Acquisition,
  change: Partial<Attempt>,
): Promise<Attempt> {
  const record = await acquisition.ledger.update(acquisition.certificate.id, (current) => ({
    ...current,
    attempt: { ...attemptOf(current, acquisition.attemptId), ...change },
  }));
  return attemptOf(record, acquisition.attemptId);
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
