import * as z from 'zod/mini';
import { CertkeepError, errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { addMs, type Clock, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { pause, pauseUntil } from '#shared/time/waiting.ts';

/** Shared by all runs that import into ACM of one place: it allows one import a second. */
export type ImportLane = {
  /**
   * Waits until the next import may be sent. The turn counts as used then, whether the import is sent or not. Where the
   * turns are taken for longer than a run can wait, it waits a while, so that the next run finds one.
   * @throws CertkeepError ImportLaneFull
   */
  turn(wanted?: Wanted): Promise<void>;
};

export type Wanted = {
  /** True for a rollback, which waits behind a few others at most. */
  readonly isUrgent?: boolean;
  /** Set where other imports made ACM throttle: everybody's next turn comes after this time. */
  readonly notBefore?: Date;
};

/** ImportCertificate: 1 request a second per account and region (acm-limits.html). */
export const importEveryMs = 1.1 * secondMs;
/** A run has 150 s, of which an import takes about 20: it reads back and looks for a twin. */
const longestWaitMs = 75 * secondMs;
const longestPauseMs = 60 * secondMs;
/** A run's message starts the next run at once, which must not only ask again. */
const shortestPauseMs = 5 * secondMs;
/** If two imports collide, ACM throttles one of them. */
const urgentWaitMs = 3 * importEveryMs;
/** Nobody reserves so far ahead: such a time is a mistake or a forgery. */
const credibleMs = 2 * minuteMs;

export type Lane = { readonly nextFreeAt: Date };

export type Reservation =
  | { readonly outcome: 'reserved'; readonly at: Date; readonly lane: Lane }
  | { readonly outcome: 'full'; readonly freeAt: Date };

/** Returns the turn of an import, and the new state of the lane. */
export function reserve(
  { nextFreeAt }: Lane,
  now: Date,
  { isUrgent = false, notBefore = now }: Wanted = {},
): Reservation {
  const isCredible = nextFreeAt <= addMs(now, credibleMs);
  const freeAt = latest(now, notBefore, isCredible ? nextFreeAt : now);
  const at = isUrgent ? earliest(freeAt, latest(addMs(now, urgentWaitMs), notBefore)) : freeAt;
  if (addMs(now, longestWaitMs) < at) return { outcome: 'full', freeAt };
  return { outcome: 'reserved', at, lane: { nextFreeAt: addMs(freeAt, importEveryMs) } };
}

function latest(...times: readonly Date[]): Date {
  return new Date(Math.max(...times.map(Number)));
}

function earliest(...times: readonly Date[]): Date {
  return new Date(Math.min(...times.map(Number)));
}

export type LanePorts = {
  readonly objects: Pick<ObjectStore, 'get' | 'putIf'>;
  readonly clock: Clock;
  readonly log: Log;
};

/** `lanes/<account>/<region>.json`, beside the records. A run that dies after its reservation costs one turn. */
export function s3ImportLane({ objects, clock, log }: LanePorts, place: string): ImportLane {
  const lane = laneObject(objects, place);

  async function reserved(wanted: Wanted = {}): Promise<Date> {
    let at = clock.now();
    await lane.update((current) => {
      const made = reserve(current, clock.now(), wanted);
      if (made.outcome === 'full') throw laneFull(place, made.freeAt);
      at = made.at;
      return made.lane;
    });
    return at;
  }

  return {
    async turn(wanted) {
      const at = await reserved(wanted).catch(async (error: unknown) => {
        deadlineSignal()?.throwIfAborted();
        if (isCertkeepError(error, 'ImportLaneFull')) {
          await pause(clock, pauseOf(error.retryAt, clock.now()));
          throw error;
        }
        log.warn('import lane not kept', {
          stage: 'import',
          outcome: errorName(error),
          reason: errorMessage(error),
          place,
        });
        // The other reservations are unknown, which must not stop a rollback.
        return addMs(clock.now(), importEveryMs);
      });
      await pauseUntil(clock, at);
    },
  };
}

function pauseOf(freeAt: Date | null, now: Date): number {
  const untilSeenMs = (freeAt ?? now).getTime() - now.getTime() - longestWaitMs;
  return Math.min(Math.max(untilSeenMs, shortestPauseMs), longestPauseMs);
}

function laneFull(place: string, freeAt: Date): CertkeepError {
  const message = `ACM: the imports into ${place} are reserved until ${freeAt.toISOString()}`;
  return new CertkeepError('ImportLaneFull', message, { retryAt: freeAt });
}

const schema = ledgerObject({ nextFreeAt: z.iso.datetime() });

function laneObject(objects: LanePorts['objects'], place: string): SharedObject<Lane> {
  return sharedObject<Lane>(objects, {
    key: `lanes/${place}.json`,
    parse(json) {
      const read = schema.safeParse(json).data;
      return read ? { nextFreeAt: new Date(read.nextFreeAt) } : null;
    },
    toJson: ({ nextFreeAt }, stored) => ({
      ...foreignFields(schema, schema.safeParse(stored).data),
      nextFreeAt: nextFreeAt.toISOString(),
    }),
    empty: { nextFreeAt: new Date(0) },
  });
}
