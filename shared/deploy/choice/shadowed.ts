import type { CertkeepError } from '#shared/errors.ts';
import type { Change } from '#shared/ledger/lease.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { DeployContext, Look } from '../context.ts';
import * as deployment from '../deployment.ts';
import { deploymentOf, servedUntilOf } from '../deployment-questions.ts';
import { shadowedEvent } from '../events.ts';
import { failureAfter, isNews } from '../record-failure.ts';

/**
 * The listener is correct, but something else answers: nothing is changed, a person is told why, and the endpoint is asked
 * again with back-off.
 */
export function shadowing(run: DeployContext, look: Look, error: CertkeepError): Change {
  const moment = { now: run.clock.now(), jitter: Math.random() };
  run.log.warn('something else is served', {
    stage: 'rebind',
    certificate: run.certificate.id,
    outcome: error.name,
    reason: error.message,
    target: look.view.name,
  });
  return (record) => withShadowed(record, run, look, { error, moment });
}

function withShadowed(
  record: CertificateRecord,
  run: DeployContext,
  { target: { key }, view: { name } }: Look,
  { error, moment }: { error: CertkeepError; moment: { now: Date; jitter: number } },
): CertificateRecord {
  const known = deploymentOf(record, run, key);
  if (!known) return record;
  const servedUntil = servedUntilOf(record, known);
  const failure = failureAfter(run, known.failure, error, { ...moment, servedUntil });
  const changed = deployment.unknown(record, key, failure);
  if (!isNews(known.failure, failure, error)) return changed;
  const subject = { certificate: record.id, version: run.version, key, name };
  return withEvent(
    changed,
    shadowedEvent(subject, { failure, error, stage: 'rebind', servedUntil }),
  );
}
