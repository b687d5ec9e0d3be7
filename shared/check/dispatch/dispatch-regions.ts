import type { Config } from '#shared/config/config.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import {
  behindByLook,
  hasCopiesOfBefore,
  isLookToAsk,
  type RegionLook,
} from '#shared/finish/regions/region-look.ts';
import { decideRegion, type RegionState, regionsBehind } from '#shared/finish/regions/regions.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { SyncStarter } from '#shared/queues/work.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { SentBook } from './sent-book.ts';

export type RegionPorts = {
  readonly config: Config;
  readonly sentBook: SharedObject<SentBook>;
  readonly lookOf: (region: string) => Pick<SharedObject<RegionLook>, 'read'>;
  readonly functions: SyncStarter;
  readonly bus: EventBus;
  readonly clock: Clock;
  readonly log: Log;
};

/** The changes to remember about regions. */
type Changes = {
  readonly states: Map<string, RegionState | null>;
  /** The times at which the daily look at each was requested. */
  readonly looks: Map<string, string>;
};

/**
 * Starts sync for each replica region that is behind, in one run each, and tells people once; and for one region per check
 * whose daily look at its real content is due. `hasUnchanged` says that there are certificates beside the records, which every
 * region has held for a day. Anything that was not reported or started comes with the next check.
 */
export async function dispatchRegions(
  ports: RegionPorts,
  records: readonly CertificateRecord[],
  { hasUnchanged, book: known }: { readonly hasUnchanged: boolean; readonly book: SentBook | null },
): Promise<DispatchedRegions> {
  const failures: unknown[] = [];
  const changes: Changes = { states: new Map(), looks: new Map() };
  const { config, log, sentBook } = ports;
  let book = known;
  try {
    book ??= await sentBook.read();
    for (const region of config.replicas) {
      try {
        await dispatchRegion(ports, region, { records, hasUnchanged, book, changes });
      } catch (error) {
        failures.push(notLookedAt(log, region, error));
      }
    }
    for (const region of Object.keys(book.regions)) {
      if (!config.replicas.includes(region)) changes.states.set(region, null);
    }
    if (changes.states.size + changes.looks.size === 0) return { regions: book.regions, failures };
    const { regions } = await sentBook.update((now) => withRegions(now, changes, config.replicas));
    return { regions, failures };
  } catch (error) {
    // What was not written is still behind: nobody may hear that it is well again.
    return { regions: book?.regions ?? {}, failures: [...failures, error] };
  }
}

export type DispatchedRegions = {
  /** The replica regions that are behind, as far as somebody knows. */
  readonly regions: SentBook['regions'];
  /** What went wrong; the rest was done. */
  readonly failures: readonly unknown[];
};

type Around = {
  readonly records: readonly CertificateRecord[];
  readonly hasUnchanged: boolean;
  readonly book: SentBook;
  readonly changes: Changes;
};

async function dispatchRegion(
  ports: RegionPorts,
  region: string,
  { records, hasUnchanged, book, changes }: Around,
): Promise<void> {
  const { bus, clock, config, functions } = ports;
  const now = clock.now();
  const known = book.regions[region] ?? null;
  const [byRecords = null] = regionsBehind(records, { ...config, replicas: [region] }, now);
  // A region that is behind gets this look in the runs that it has anyway.
  const isOfBefore = !byRecords && (hasUnchanged || hasCopiesOfBefore(records, region, now));
  const look = isOfBefore ? await ports.lookOf(region).read() : null;
  const behind = byRecords ?? (look && behindByLook(region, look));
  const decision = decideRegion(region, behind, known, now);
  const isFree = !behind && changes.looks.size === 0;
  const asks = isFree && look !== null && isLookToAsk(look, book.looks?.[region] ?? null, now);
  if (decision.event) await bus.publish([decision.event]);
  if (decision.action === 'start' || asks) await functions.startSync(region);
  if (asks) changes.looks.set(region, now.toISOString());
  if (JSON.stringify(decision.next) !== JSON.stringify(known)) {
    changes.states.set(region, decision.next);
  }
}

function withRegions(
  book: SentBook,
  { states, looks }: Changes,
  configured: readonly string[],
): SentBook {
  const regions = { ...book.regions };
  for (const [region, state] of states) {
    if (state) regions[region] = state;
    else delete regions[region];
  }
  const asked = Object.entries({ ...book.looks, ...Object.fromEntries(looks) });
  const kept = asked.filter(([region]) => configured.includes(region));
  return { ...book, regions, looks: Object.fromEntries(kept) };
}

function notLookedAt(log: Log, region: string, error: unknown): unknown {
  const fields = { outcome: errorName(error), reason: errorMessage(error) };
  log.error('replica region not looked at', { stage: 'check', region, ...fields });
  return error;
}
