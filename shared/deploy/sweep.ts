import type { Clock } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { eachOf } from '#shared/each.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import type { WorkQueues } from '#shared/work.ts';
import { identitiesOf } from './resources.ts';
import { verifyDue } from './verify-due.ts';

export type SweepPorts = {
  readonly config: Config;
  readonly ledger: Pick<Ledger, 'read'>;
  readonly queues: WorkQueues;
  readonly clock: Clock;
};

const sideBySide = { concurrency: 32, failure: 'certificates could not be looked at' };

/** Looks at every record for endpoints that are to be asked, and sends each certificate to verify. */
export async function sweep({ config, ledger, queues, clock }: SweepPorts): Promise<void> {
  const deployed = config.certificates.filter(({ targets }) => targets.length > 0);
  await eachOf(deployed, sideBySide, async ({ id, targets }) => {
    const record = await ledger.read(id);
    if (!record) return;
    const due = verifyDue(record, identitiesOf(targets, config.home), clock.now());
    if (due.length > 0)
      await queues.send({ kind: 'verify', certificate: id }, record.desired ?? '');
  });
}
