import type { VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import type { EventBus } from '#shared/ledger/outbox/event-bus.ts';
import { readStatus, type StoredStatus } from '#shared/status/status-object.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { secondMs } from '#shared/time/clock.ts';
import { checkedEvent } from './conditions/checked-event.ts';
import { reportStatus, type Seen, type StatusPorts } from './conditions/report-status.ts';
import { type LookPorts, look } from './observations/look.ts';
import { nothingSeen, type Observations } from './observations/observations.ts';
import { giveSigns, type SignPorts } from './signs/give-signs.ts';

export type ReportPorts = StatusPorts &
  LookPorts &
  SignPorts & {
    readonly bus: EventBus;
    /** Writes the seconds since alert came last where an alarm sees them. */
    readonly measureAlert: (ageSeconds: number) => Promise<void>;
  };

/** What the check before has written; null where it could not be read. */
export type Before = {
  readonly observations: Observations | null;
  readonly status: StoredStatus | null;
};

type KnownAfter = Parameters<typeof look>[1]['knownAfter'];

/** Reads what the check before has written. What cannot be read is added to the failures. */
export async function readBefore(
  { objects, observations }: Pick<ReportPorts, 'objects' | 'observations'>,
  failures: unknown[],
): Promise<Before> {
  const failed = (error: unknown) => {
    failures.push(error);
    return null;
  };
  const [seen, status] = await Promise.all([
    observations.read().catch(failed),
    readStatus(objects).catch(failed),
  ]);
  return { observations: seen, status };
}

/**
 * Writes the state of the fleet at the end of a check, starts alert, and gives the signs of life if the check was complete and
 * somebody hears. What cannot be looked at is left out of the state, so that people hear of everything else. What goes wrong is added to the
 * failures, which fail the run in the end.
 */
export async function report(
  ports: ReportPorts,
  seen: Omit<Seen, 'failures' | 'observations' | 'alertAgeMs'>,
  {
    before,
    book,
    knownAfter,
  }: {
    readonly before: Before;
    readonly book: VerifyBook | null;
    readonly knownAfter: KnownAfter;
  },
  failures: unknown[],
): Promise<void> {
  const failed = (error: unknown) => {
    failures.push(error);
    return null;
  };
  const records = seen.found.map(({ record }) => record);
  const ids = ports.config.certificates.map(({ id }) => id);
  const looked = before.observations
    ? await look(ports, { before: before.observations, book, ids, records, knownAfter }).catch(
        failed,
      )
    : null;
  failures.push(...(looked?.failures ?? []));
  const alertAgeMs = ageOfAlert(looked?.alertSeenAt ?? null, before.status?.status ?? null);
  const beside = {
    observations: looked?.observations ?? nothingSeen,
    alertAgeMs,
    failures,
  };
  // An alarm rings by it where alert stands still, without alert.
  if (alertAgeMs !== null) {
    await ports.measureAlert(Math.round(alertAgeMs / secondMs)).catch(failed);
  }
  if (!before.status) return;
  try {
    const { checkedAt, counts } = await reportStatus(ports, { ...seen, ...beside }, before.status);
    await ports.bus.publish([checkedEvent(checkedAt, counts)]);
    const isComplete = failures.length === 0 && seen.unread.size === 0;
    if (isComplete && isHeard(ports, beside.observations)) {
      await giveSigns(ports, beside.observations, looked?.elsewhere ?? new Map());
    }
  } catch (error) {
    failures.push(error);
  }
}

/**
 * No sign of life is given where nobody at home would hear of anything: whoever waits for the sign then rings. A topic of
 * the user that refuses nothing is heard.
 */
function isHeard({ config, watchers }: ReportPorts, { refusals, topics }: Observations): boolean {
  const { snsTopic } = config.alerts;
  if (snsTopic !== undefined && !Object.hasOwn(refusals, snsTopic)) return true;
  const atHome = watchers.topics.filter(({ region }) => region === watchers.home);
  return atHome.some(({ key }) => topics[key]?.confirmed !== 0);
}

/**
 * Returns for how long checks have gone by without alert, in milliseconds: until the check before this one, since alert has
 * not come after this one yet, and does not while no check runs.
 */
function ageOfAlert(seenAt: Date | null, before: Status | null): number | null {
  if (seenAt === null) return null;
  return before === null ? 0 : Math.max(0, Date.parse(before.checkedAt) - seenAt.getTime());
}
