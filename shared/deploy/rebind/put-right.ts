import { errorMessage, errorName } from '#shared/errors.ts';
import type { Change } from '#shared/ledger/lease.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { Deployment } from '#shared/ledger/record/record.ts';
import type { DeployContext, Look } from '../context.ts';
import { deploymentOf } from '../deployment-questions.ts';
import { listenerChangedEvent } from '../events.ts';
import { ownersIn } from './owners.ts';

/** Reports that a listener was changed by somebody, that it is correct again, and who may have changed it. */
export async function puttingRight(
  run: DeployContext,
  look: Look,
  changed: Deployment,
): Promise<Change> {
  const { target, view } = look;
  const owners = await ownersOf(run, look);
  const at = run.clock.now();
  return (record) => {
    const now = deploymentOf(record, run, target.key);
    // The change has failed, which is reported separately.
    if (now?.state !== 'awaiting-proof' || now.nextProbeAt === null) return record;
    const subject = {
      certificate: record.id,
      version: run.version,
      key: target.key,
      name: view.name,
    };
    const times = now.changes?.filter(({ why }) => why === 'to-put-right').length ?? 1;
    return withEvent(
      record,
      listenerChangedEvent(subject, { at, found: view, owners, times, seen: changed }),
    );
  };
}

/** Tags are only for people: without them the listener is corrected all the same. */
async function ownersOf(run: DeployContext, { target, view }: Look) {
  try {
    return ownersIn(await target.tags());
  } catch (error) {
    run.log.warn('tags not read', {
      stage: 'rebind',
      certificate: run.certificate.id,
      outcome: errorName(error),
      reason: errorMessage(error),
      target: view.name,
    });
    return [];
  }
}
