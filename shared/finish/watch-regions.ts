import type { Clock } from '#shared/clock.ts';
import type { Config } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { CertificateRecord } from '#shared/ledger/record.ts';
import type { Log } from '#shared/log.ts';
import type { EventBus } from '#shared/work.ts';
import { decideRegion, type RegionState, regionsBehind } from './regions.ts';

export type WatchPorts = {
  readonly config: Pick<Config, 'replicas' | 'certificates'>;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
  /** Invokes sync with `{region}` and does not wait for it. */
  readonly startSync: (region: string) => Promise<void>;
};

export type RegionStates = Readonly<Record<string, RegionState>>;

/**
 * Starts sync for the regions that are behind and due, at most once each, and tells people. Returns what check has to
 * remember until its next run. A region whose event or start fails is as if it had not been looked at: logged, returned, and
 * tried again by the next check.
 */
export async function watchRegions(
  ports: WatchPorts,
  records: readonly CertificateRecord[],
  states: RegionStates,
): Promise<{ readonly states: RegionStates; readonly failures: readonly unknown[] }> {
  const { bus, clock, config, log } = ports;
  const now = clock.now();
  const behind = regionsBehind(records, config, now);
  const next: Record<string, RegionState> = {};
  const failures: unknown[] = [];
  for (const region of config.replicas) {
    const found = behind.find((each) => each.region === region) ?? null;
    const state = states[region] ?? null;
    const decided = decideRegion(region, found, state, now);
    const fields = { stage: 'check', region } as const;
    try {
      if (decided.event) await bus.publish([decided.event]);
      if (decided.action === 'start') {
        await ports.startSync(region);
        log.info('sync started for a region', { ...fields, certificates: found?.certificates });
      }
      if (decided.next) next[region] = decided.next;
    } catch (error) {
      failures.push(error);
      log.error('region not looked after', {
        ...fields,
        outcome: errorName(error),
        reason: errorMessage(error),
      });
      if (state) next[region] = state;
    }
  }
  return { states: next, failures };
}
