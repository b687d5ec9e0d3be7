import * as z from 'zod/mini';
import { CertkeepError, errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import { foreignFields, ledgerObject } from '#shared/ledger/ledger-object.ts';
import { sharedObject } from '#shared/ledger/shared-object.ts';
import type { DomainTurns } from '#shared/targets/api-gateway/domain-turns.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { LanePorts } from '../import/import-lane.ts';

/** UpdateDomainName: "1 request every 30 seconds per account" (limits.html), with a second to spare. */
export const domainEveryMs = 31 * secondMs;
/** A free turn is never so far ahead: such a time is a mistake or a forgery. */
const credibleMs = 2 * minuteMs;
const mostWaiting = 2_000;

export type DomainLane = {
  readonly nextFreeAt: Date;
  /** The keys of the targets that wait, in the order of their turns. */
  readonly waiting: readonly string[];
};

export type DomainTurn = {
  readonly lane: DomainLane;
  /** When the turn comes; null where it is now, and taken. */
  readonly waitsUntil: Date | null;
};

/**
 * Gives the turn, or a place among those who wait: each has one turn, at its time. Who misses it loses it to the next one
 * who comes, so that nobody waits for a target that has left the configuration.
 */
export function turnOf(
  lane: DomainLane,
  now: Date,
  { isUrgent, key }: { readonly key: string; readonly isUrgent: boolean },
): DomainTurn {
  const isCredible = lane.nextFreeAt <= addMs(now, credibleMs);
  const freeAt = isCredible ? lane.nextFreeAt : now;
  const others = lane.waiting.filter((each) => each !== key);
  const known = lane.waiting.indexOf(key);
  const place = isUrgent ? 0 : known === -1 ? others.length : known;
  const at = addMs(freeAt, place * domainEveryMs);
  if (at <= now) {
    const waiting = others.slice(place);
    return { lane: { nextFreeAt: addMs(now, domainEveryMs), waiting }, waitsUntil: null };
  }
  const waiting = [...others.slice(0, place), key, ...others.slice(place)].slice(0, mostWaiting);
  return { lane: { nextFreeAt: freeAt, waiting }, waitsUntil: at };
}

/** Somebody else has used the turn: who had it stays the first. */
export function turnLost({ waiting }: DomainLane, key: string, until: Date): DomainLane {
  return { nextFreeAt: until, waiting: [key, ...waiting.filter((each) => each !== key)] };
}

/** `lanes/<account>/<region>/domain-names.json`, beside the records. */
export function s3DomainTurns({ objects, clock, log }: LanePorts, place: string): DomainTurns {
  const lane = laneObject(objects, place);

  /** Without the lane the other turns are unknown, which must not stop a rollback: API Gateway refuses what is too much. */
  async function orWithout<T>(work: () => Promise<T>): Promise<T | null> {
    try {
      return await work();
    } catch (error) {
      deadlineSignal()?.throwIfAborted();
      if (isCertkeepError(error, 'DomainTurnTaken')) throw error;
      const fields = { outcome: errorName(error), reason: errorMessage(error), place };
      log.warn('turns of domain names not kept', { stage: 'rebind', ...fields });
      return null;
    }
  }

  return {
    take: async (wanted) => {
      await orWithout(async () => {
        let waitsUntil: Date | null = null;
        await lane.update((current) => {
          const turn = turnOf(current, clock.now(), wanted);
          waitsUntil = turn.waitsUntil;
          return turn.lane;
        });
        if (waitsUntil !== null) throw turnTaken(wanted.key, waitsUntil);
      });
    },
    lost: async (key, until) => {
      await orWithout(() => lane.update((current) => turnLost(current, key, until)));
    },
  };
}

function turnTaken(key: string, retryAt: Date): CertkeepError {
  const message = `API Gateway: the turn of ${key} comes at ${retryAt.toISOString()}`;
  return new CertkeepError('DomainTurnTaken', message, { retryAt });
}

const schema = ledgerObject({
  nextFreeAt: z.iso.datetime(),
  waiting: z.array(z.string().check(z.maxLength(400))).check(z.maxLength(mostWaiting)),
});

function laneObject(objects: LanePorts['objects'], place: string) {
  return sharedObject<DomainLane>(objects, {
    key: `lanes/${place}/domain-names.json`,
    parse(json) {
      const read = schema.safeParse(json).data;
      return read ? { nextFreeAt: new Date(read.nextFreeAt), waiting: read.waiting } : null;
    },
    toJson: ({ nextFreeAt, waiting }, stored) => ({
      ...foreignFields(schema, schema.safeParse(stored).data),
      nextFreeAt: nextFreeAt.toISOString(),
      waiting,
    }),
    empty: { nextFreeAt: new Date(0), waiting: [] },
  });
}
