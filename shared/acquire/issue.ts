import { randomUUID } from 'node:crypto';
import type { Clock } from '#shared/clock.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { placesOf } from '#shared/deploy/places.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type Invocation, leaseUntil, patienceUntil } from '#shared/invocation.ts';
import { withHistory } from '#shared/ledger/history.ts';
import { withLease } from '#shared/ledger/lease.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox } from '#shared/ledger/outbox.ts';
import { type Attempt, type CertificateRecord, desiredVersion } from '#shared/ledger/record.ts';
import type { EventBus, WorkQueues } from '#shared/work.ts';
import { acquire } from './acquire.ts';
import { adoptStored } from './adopt.ts';
import { type Acquisition, newAttempt } from './attempt.ts';
import { removeTxt } from './clean-up.ts';
import { type AcquireDecision, decideAcquire } from './decide.ts';
import { failAttempt } from './fail.ts';
import type { Issuer } from './issuers/issuer.ts';
import type { StorePorts } from './store.ts';

export type IssuePorts = StorePorts &
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
  if (!certificate) throw new CertkeepError('CertificateUnknown', `${id} is not configured`);
  const lease = {
    id,
    name: 'acquire',
    holder: invocation.id,
    until: leaseUntil(invocation),
    clock: ports.clock,
    log: ports.log,
  };
  const run = await withLease(ports.ledger, lease, (leased) =>
    issueLeased(
      { ...ports, ledger: { ...ports.ledger, update: leased.update } },
      certificate,
      invocation,
    ),
  );
  const outcome = run.held ? run.value : 'busy';
  if (outcome === 'issued' || outcome === 'adopted') await handOver(ports, certificate);
  await flushOutbox(ports, id);
  return outcome;
}

async function issueLeased(
  ports: IssuePorts,
  certificate: CertificateConfig,
  invocation: Invocation,
): Promise<IssueOutcome> {
  const { clock, config: _config, ...shared } = ports;
  const record = await ports.ledger.update(certificate.id, (current) => current);
  const decision = decideAcquire({ certificate, record, now: clock.now() });
  const activeId = decision.action === 'resume' ? decision.attempt.id : null;
  await removeTxt({ ...shared, certificate }, ({ attemptId }) => attemptId !== activeId);
  const attempt = await attemptFor(ports, certificate, decision);
  if (attempt === 'adopted') return 'adopted';
  if (!attempt) return decision.action === 'wait' ? 'waiting' : 'nothing-to-do';
  try {
    const issuer = ports.issuerOf(certificate.issuer);
    const waitUntil = patienceUntil(invocation, clock);
    const acquisition = { ...shared, clock, certificate, attemptId: attempt.id, issuer, waitUntil };
    await acquire(acquisition, attempt);
    return 'issued';
  } catch (error) {
    return failAttempt(ports, certificate, attempt.id, error);
  }
}

/** The attempt to work on: the one under way, a new one, or none. */
async function attemptFor(
  ports: IssuePorts,
  certificate: CertificateConfig,
  decision: AcquireDecision,
): Promise<Attempt | 'adopted' | null> {
  switch (decision.action) {
    case 'none':
      return null;
    case 'wait':
      return null;
    case 'clean-up':
      await ports.ledger.update(certificate.id, (record) => ({ ...record, attempt: null }));
      return null;
    case 'resume':
      return decision.attempt;
    case 'begin': {
      const { rule, text } = decision.reason;
      if (rule === 'missing' && (await adoptStored(ports, certificate))) return 'adopted';
      const attempt = newAttempt(randomUUID(), certificate, text, ports.clock.now());
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

async function handOver(ports: IssuePorts, certificate: CertificateConfig): Promise<void> {
  const record = await ports.ledger.read(certificate.id);
  const version = record && desiredVersion(record);
  if (!version) return;
  for (const place of placesOf(certificate, ports.config.home)) {
    await ports.queues.send({ kind: 'deploy', certificate: certificate.id, place }, version.id);
  }
}
