import type { Clock } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import { decideRegion, type RegionState, regionsBehind } from '#shared/finish/regions.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { EventBus, SyncStarter } from '#shared/work.ts';
import type { SentBook } from './sent-book.ts';

export type RegionPorts = {
  readonly config: Config;
  readonly sentBook: SharedObject<SentBook>;
  readonly functions: SyncStarter;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
};

/**
 * Has sync look at each replica region that is behind, in one run, and people told of it once. Returns what went
 * wrong; what was not told, or not started, comes with the next check.
 */
export async function dispatchRegions(
  ports: RegionPorts,
  records: readonly CertificateRecord[],
): Promise<readonly unknown[]> {
  const failures: unknown[] = [];
  const now = ports.clock.now();
  const behind = regionsBehind(records, ports.config, now);
  const next = new Map<string, RegionState | null>();
  try {
    const { regions } = await ports.sentBook.read();
    for (const region of ports.config.replicas) {
      const here = behind.find((each) => each.region === region) ?? null;
      const known = regions[region] ?? null;
      const decision = decideRegion(region, here, known, now);
      try {
        if (decision.event) await ports.bus.publish([decision.event]);
        if (decision.action === 'start') await ports.functions.startSync(region);
        if (JSON.stringify(decision.next) !== JSON.stringify(known))
          next.set(region, decision.next);
      } catch (error) {
        failures.push(notLookedAt(ports.log, region, error));
      }
    }
    for (const region of Object.keys(regions)) {
      if (!ports.config.replicas.includes(region)) next.set(region, null);
    }
    if (next.size > 0) await ports.sentBook.update((book) => withRegions(book, next));
  } catch (error) {
    failures.push(error);
  }
  return failures;
}

function withRegions(book: SentBook, changes: ReadonlyMap<string, RegionState | null>): SentBook {
  const regions = { ...book.regions };
  for (const [region, state] of changes) {
    if (state) regions[region] = state;
    else delete regions[region];
  }
  return { ...book, regions };
}

function notLookedAt(log: Log, region: string, error: unknown): unknown {
  const fields = { outcome: errorName(error), reason: errorMessage(error) };
  log.error('replica region not looked at', { stage: 'check', region, ...fields });
  return error;
}
