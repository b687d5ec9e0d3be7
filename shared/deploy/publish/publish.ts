import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { arnParameter } from '#shared/installation.ts';
import { isWorthTelling } from '#shared/ledger/backoff.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { AcmImport, CertificateRecord } from '#shared/ledger/record/record.ts';
import { levelOf } from '#shared/log.ts';
import * as acmImport from '../acm-import.ts';
import type { DeployContext } from '../context.ts';
import { failedEvent } from '../events.ts';
import { isOurs } from '../import/mark.ts';
import { failureAfter, isOver } from '../record-failure.ts';
import { arnToPublish } from './published.ts';

/**
 * Publishes the ARN of the certificate in the place, unless the record says that it is published. This follows the targets,
 * so that readers bind what certkeep has bound, with the way back in the ledger. A failure is reported and retried, and
 * does not affect any target.
 */
export async function publishArn(run: DeployContext): Promise<void> {
  const record = await run.mine.read();
  const entry = record.imports[run.place];
  const arn = arnToPublish(record, run.place, run.targets);
  if (!entry || arn === null || isWaiting(entry, run.clock.now())) return;
  const parameter = arnParameter(run.installation, run.certificate.id);
  try {
    await checkOurs(run, arn);
    await run.publisher.publish(parameter, arn);
  } catch (error) {
    await recordNotPublished(run, parameter, error);
    return;
  }
  await run.mine.update((current) => acmImport.published(current, run.place, arn));
  run.log.info('ARN published', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: 'published',
    parameter,
    arn,
  });
}

/**
 * Other stacks bind what is published, so an ARN that only the record calls ours is refused.
 * @throws CertkeepError ArnNotOurs
 */
async function checkOurs(run: DeployContext, arn: string): Promise<void> {
  if (await isOurs(run, arn)) return;
  throw new CertkeepError('ArnNotOurs', `nothing but the record says that ${arn} is ours`);
}

function isWaiting({ publishFailure }: AcmImport, now: Date): boolean {
  return publishFailure !== null && new Date(publishFailure.nextAttemptAt) > now;
}

async function recordNotPublished(
  run: DeployContext,
  parameter: string,
  error: unknown,
): Promise<void> {
  if (isOver(error)) throw error;
  const moment = { now: run.clock.now(), jitter: Math.random() };
  await run.mine.update((record) => withNotPublished(record, run, { parameter, error, moment }));
  run.log[levelOf(error)]('ARN not published', {
    stage: 'import',
    certificate: run.certificate.id,
    outcome: errorName(error),
    reason: errorMessage(error),
    parameter,
  });
}

function withNotPublished(
  record: CertificateRecord,
  run: DeployContext,
  failed: {
    readonly parameter: string;
    readonly error: unknown;
    readonly moment: { readonly now: Date; readonly jitter: number };
  },
): CertificateRecord {
  const entry = record.imports[run.place];
  if (!entry) return record;
  const { parameter, error, moment } = failed;
  // No target is served by it, so it waits for no end of life.
  const servedUntil = null;
  const failure = failureAfter(run, entry.publishFailure, error, { ...moment, servedUntil });
  const changed = acmImport.notPublished(record, run.place, failure);
  if (!isWorthTelling(failure)) return changed;
  const name = `${parameter} in ${run.place}`;
  const subject = { certificate: record.id, version: run.version, key: name, name };
  const recorded = { failure, error, stage: 'import' as const, servedUntil };
  return withEvent(changed, failedEvent(subject, recorded));
}
