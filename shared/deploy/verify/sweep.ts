import type { Config } from '#shared/config/config.ts';
import { eachOf, recordsAtOnce } from '#shared/each.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { WorkQueues } from '#shared/queues/work.ts';
import { identitiesOf } from '#shared/targets/identities.ts';
import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import { verifyDue } from './verify-due.ts';

export type SweepPorts = {
  readonly config: Config;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly queues: WorkQueues & {
    /** Says whether its queue has no such message, waiting or in progress. */
    isEmpty(kind: 'verify'): Promise<boolean>;
  };
  readonly clock: Clock;
  /** The maximum number of messages: what can be done until the next sweep. */
  readonly most: number;
};

const sideBySide = { concurrency: recordsAtOnce, failure: 'certificates could not be looked at' };

/** By then check has run twice. */
const overdueMs = 20 * minuteMs;

/**
 * Sends the messages that check should have sent: endpoints are asked even if check does not run. While check's messages
 * are in the queue there is nothing to do.
 * @throws AggregateError of records that cannot be read, after all else is done
 */
export async function sweep(ports: SweepPorts): Promise<void> {
  const { config, ledger, queues, clock, most } = ports;
  if (!(await queues.isEmpty('verify'))) return;
  const since = addMs(clock.now(), -overdueMs);
  const overdue: CertificateRecord[] = [];
  const deployed = config.certificates.filter(({ targets }) => targets.length > 0);
  const looked = eachOf(deployed, sideBySide, async ({ id, targets }) => {
    const record = await ledger.read(id);
    if (!record) return;
    if (verifyDue(record, identitiesOf(targets, config.home), since).length > 0) {
      overdue.push(record);
    }
  });
  const [outcome] = await Promise.allSettled([looked]);
  for (const { id, desired } of overdue.slice(0, most)) {
    await queues.send({ kind: 'verify', certificate: id }, desired ?? '');
  }
  if (outcome.status === 'rejected') throw outcome.reason;
}
