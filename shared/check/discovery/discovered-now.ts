import type { Config } from '#shared/config/config.ts';
import { type Approvals, decided } from '#shared/discovery/approvals.ts';
import { type Discovered, discoveredIn } from '#shared/discovery/discovered.ts';
import type { Finds } from '#shared/discovery/found.ts';
import { readInPlace } from '#shared/discovery/with-approved.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import { sendIfPossible } from '#shared/queues/hand-over.ts';
import type { Queues, Work } from '#shared/queues/work.ts';
import type { Clock } from '#shared/time/clock.ts';

export type BookPorts = {
  readonly config: Config;
  /** The object that verify writes. */
  readonly finds: Pick<SharedObject<Finds>, 'read'>;
  readonly approvals: SharedObject<Approvals>;
  readonly queues: Queues<Work>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

/** The tagged resources as check has seen them. */
export type DiscoveredNow = { readonly finds: Finds; readonly discovered: readonly Discovered[] };

/**
 * Reads what verify has found and what was approved. Where the tag suffices, check approves itself what can be bound, and
 * asks deploy for it. What cannot be read is added to the failures, and null returned.
 */
export async function lookAtDiscovered(
  ports: BookPorts,
  failures: unknown[],
): Promise<DiscoveredNow | null> {
  const { config } = ports;
  try {
    const [finds, known] = await Promise.all([ports.finds.read(), ports.approvals.read()]);
    const before = discoveredIn(config, finds, known);
    const open = config.discovery?.mode === 'trusted' ? before.filter(isOpen(config)) : [];
    if (open.length === 0) return { finds, discovered: before };
    const at = ports.clock.now().toISOString();
    const after = await ports.approvals.update((approvals) =>
      open.reduce(
        (all, tagged) => decided(all, tagged, { state: 'approved', at, reason: null }),
        approvals,
      ),
    );
    for (const each of open) await bind(ports, each, 'its tag is trusted');
    return { finds, discovered: discoveredIn(config, finds, after) };
  } catch (error) {
    failures.push(error);
    return null;
  }
}

function isOpen(config: Config) {
  return (each: Discovered) =>
    (each.state === 'waiting' || each.state === 'changed') && readInPlace(each, config).ok;
}

/** Asks deploy to bind it now; the next check finds it, should the message be lost. */
export async function bind(
  ports: Pick<BookPorts, 'log' | 'queues'>,
  { arn, certificate, place }: Discovered,
  why: string,
): Promise<void> {
  ports.log.info('tagged resource approved', {
    stage: 'check',
    certificate,
    outcome: 'approved',
    reason: why,
    resource: arn,
    place,
  });
  await sendIfPossible(ports, { kind: 'deploy', certificate, place }, `${arn}: approved`);
}
