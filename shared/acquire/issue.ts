import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/clock.ts';
import type { CertificateConfig, Config, IssuerConfig } from '#shared/config/config.ts';
import { placesOf } from '#shared/deploy/places.ts';
import { type Invocation, leaseUntil, patienceUntil } from '#shared/invocation.ts';
import { withHistory } from '#shared/ledger/history.ts';
import { withLease } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox } from '#shared/ledger/outbox.ts';
import { type Attempt, type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import type { EventBus, WorkQueues } from '#shared/work.ts';
import { acquire } from './acquire.ts';
import { adoptStored } from './adopt.ts';
import { type Acquisition, attemptOf, configurationOf, newAttempt } from './attempt.ts';
import { removeTxt } from './clean-up.ts';
import { type AcquireDecision, decideAcquire } from './decide.ts';
import { failAttempt } from './fail.ts';
import type { Issuer } from './issuers/issuer.ts';
import { type LookPorts, look } from './look.ts';
import { needsNewKey } from './rules.ts';
import type { StorePorts } from './store.ts';

export type IssuePorts = StorePorts &
  Pick<LookPorts, 'revocations' | 'random'> &
  Pick<Acquisition, 'solvers' | 'keyStore' | 'log' | 'pollMs'> & {
    readonly config: Config;
    readonly ledger: Ledger;
    readonly issuerOf: (name: string) => Issuer;
    readonly queues: WorkQueues;
    readonly bus: EventBus;
    readonly clock: Clock;
    readonly retryDelaysMs: readonly number[];
  };

export type IssueOutcome = 'issued' | 'adopted' | 'failed' | 'waiting' | 'busy' | 'nothing-to-do';

/**
 * Brings one certificate to a stored, desired version, resuming whatever an earlier run left. Decides
 * again under the lease, so that any number of messages about the same certificate issue it once.
 * Expected failures are written to the ledger and are not thrown.
 */
export async function issue(
  ports: IssuePorts,
  id: string,
  invocation: Invocation,
): Promise<IssueOutcome> {
  const certificate = ports.config.certificates.find((candidate) => candidate.id === id);
  const lease = {
    id,
    name: 'acquire',
    holder: invocation.id,
    until: leaseUntil(invocation),
    clock: ports.clock,
    log: ports.log,
  };
  const run = await withLease(ports.ledger, lease, (ledger) =>
    certificate
      ? issueLeased({ ...ports, ledger }, certificate, invocation)
      : forget({ ...ports, ledger }, id),
  );
  // Whoever holds the lease tells what it did; telling it here, too, would tell it twice.
  if (!run.held) return 'busy';
  const outcome = run.value;
  const isNew = outcome === 'issued' || outcome === 'adopted';
  if (certificate && isNew) await handOver(ports, certificate);
  await flushOutbox(ports, id);
  return outcome;
}

/** It left the configuration: nothing is issued, and what an attempt left published is taken away. */
async function forget(ports: IssuePorts, id: string): Promise<IssueOutcome> {
  await removeTxt({ ...ports, certificate: { id } }, () => true);
  await ports.ledger.update(id, givenUp);
  return 'nothing-to-do';
}

async function issueLeased(
  ports: IssuePorts,
  certificate: CertificateConfig,
  invocation: Invocation,
): Promise<IssueOutcome> {
  const { clock, config: _config, ...shared } = ports;
  const { record, decision, configuration } = await decided(ports, certificate);
  // The CA may still be looking at the values of an attempt that only waits.
  const goesOn = decision.action === 'resume' || decision.action === 'wait';
  const activeId = goesOn ? record.attempt?.id : null;
  await removeTxt({ ...shared, certificate }, ({ attemptId }) => attemptId !== activeId);
  const attempt = await attemptFor(ports, certificate, decision, configuration);
  if (!attempt) return decision.action === 'wait' ? 'waiting' : 'nothing-to-do';
  try {
    // Before anything is ordered: what cannot be read now may be good, and is not issued again.
    const isFirst = !record.desired && !attempt.orderUrl;
    if (isFirst && (await adoptStored(ports, certificate))) return 'adopted';
    const issuer = ports.issuerOf(attempt.issuer);
    const waitUntil = patienceUntil(invocation, clock);
    const issuerConfig = ports.config.issuers[attempt.issuer] as IssuerConfig;
    const parties = { certificate, attemptId: attempt.id, issuer, issuerConfig };
    const acquisition = { ...shared, ...parties, clock, waitUntil };
    await acquire(acquisition, attempt);
    return 'issued';
  } catch (error) {
    return failAttempt(ports, certificate, attempt.id, error);
  }
}

/** What the CA has to say about the certificate in service may be a reason to issue. */
async function decided(ports: IssuePorts, certificate: CertificateConfig) {
  const { clock, config, ledger } = ports;
  const configuration = configurationOf(config, certificate);
  const situation = (record: CertificateRecord) => {
    const { issuers } = config;
    return { certificate, issuers, record, configuration, now: clock.now() };
  };
  const read = await ledger.update(certificate.id, (current) => current);
  const first = decideAcquire(situation(read));
  if (first.action !== 'look') return { record: read, decision: first, configuration };
  const record = await look(ports, situation(read));
  return { record, decision: decideAcquire(situation(record)), configuration };
}

/** The attempt to work on: the one under way, a new one, or none. */
async function attemptFor(
  ports: IssuePorts,
  certificate: CertificateConfig,
  decision: AcquireDecision,
  configuration: string,
): Promise<Attempt | null> {
  switch (decision.action) {
    case 'none':
    case 'look':
      return null;
    case 'wait':
      return null;
    case 'clean-up':
      await ports.ledger.update(certificate.id, givenUp);
      return null;
    case 'resume': {
      const { id } = decision.attempt;
      const record = await ports.ledger.update(certificate.id, (current) =>
        triedWith(current, configuration),
      );
      return attemptOf(record, id);
    }
    case 'begin': {
      const { text } = decision.reason;
      const now = ports.clock.now();
      const issuer = certificate.issuers[0] as string;
      const reuseKey = certificate.rotation === 'reuse' && !needsNewKey(decision.reason);
      const begins = { reason: text, issuer, configuration, reuseKey, now };
      const attempt = newAttempt(randomUUID(), certificate, begins);
      await ports.ledger.update(certificate.id, (record) => begun(record, attempt));
      return attempt;
    }
  }
}

function begun(record: CertificateRecord, attempt: Attempt): CertificateRecord {
  if (record.attempt?.id === attempt.id) return record;
  return withHistory(
    { ...record, attempt, acquireFailure: null },
    { at: attempt.startedAt, stage: 'issue', what: 'attempt begun', why: attempt.reason },
  );
}

function triedWith(record: CertificateRecord, configuration: string): CertificateRecord {
  if (!record.attempt || record.attempt.configuration === configuration) return record;
  return { ...record, attempt: { ...record.attempt, configuration } };
}

function givenUp(record: CertificateRecord): CertificateRecord {
  if (!record.attempt) return record;
  return { ...record, attempt: null, acquireFailure: null };
}

async function handOver(ports: IssuePorts, certificate: CertificateConfig): Promise<void> {
  const record = await ports.ledger.read(certificate.id);
  const version = record && desiredVersion(record);
  if (!version) return;
  for (const place of placesOf(certificate, ports.config.home)) {
    await ports.queues.send({ kind: 'deploy', certificate: certificate.id, place }, version.id);
  }
}
