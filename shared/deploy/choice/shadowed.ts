import type { CertkeepError } from '#shared/errors.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { shadowedEvent } from '../events.ts';
import { type Change, type DeployRun, deploymentOf, type Look, withDeployment } from '../run.ts';
import { failureAfter, isNews, servedUntilOf } from '../setback.ts';

/**
 * The listener is as it is to be, and something else answers: nothing is changed, a person hears why, and the
 * endpoint is asked again with back-off.
 */
export function shadowing(run: DeployRun, look: Look, error: CertkeepError): Change {
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
  run: DeployRun,
  { target: { key }, view: { name } }: Look,
  { error, moment }: { error: CertkeepError; moment: { now: Date; jitter: number } },
): CertificateRecord {
  const deployment = deploymentOf(record, run, key);
  if (!deployment) return record;
  const servedUntil = servedUntilOf(record, deployment);
  const failure = failureAfter(run, deployment.failure, error, { ...moment, servedUntil });
  const changed = withDeployment(record, key, {
    ...deployment,
    state: 'unknown',
    failure,
    nextProbeAt: failure.nextAttemptAt,
  });
  if (!isNews(deployment.failure, failure, error)) return changed;
  const subject = { certificate: record.id, version: run.version, key, name };
  return withEvent(
    changed,
    shadowedEvent(subject, { failure, error, stage: 'rebind', servedUntil }),
  );
}
