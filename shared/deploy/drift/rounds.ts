import * as z from 'zod/mini';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import { isAhead, past } from '#shared/ledger/record/times.ts';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { addMs, minuteMs } from '#shared/time/clock.ts';

/*
 *            begun              all seen
 *   nothing ───────▶ under way ──────────▶ ended ──▶ (20 minutes after it began) under way
 *                      │    ▲
 *                      └────┘ the run has ended by its clock
 */

const instant = z.iso.datetime();

const round = ledgerObject({
  begunAt: instant,
  /** The key of the next target to look at; null once all have been seen. */
  next: z.nullable(z.string()),
  /** The time at which a run last worked on it. */
  seenAt: instant,
});

/** A look at every listener of a place. */
export type Round = Readonly<z.infer<typeof round>>;

/** By place key. */
export type Rounds = Readonly<Record<string, Round>>;

/** `listeners/rounds.json`: verify writes it, check reads it at every run. */
export function s3Rounds(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Rounds> {
  return sharedObject<Rounds>(objects, {
    key: 'listeners/rounds.json',
    parse: (json) => readableEntries(round, json),
    toJson: (rounds) => rounds,
    empty: {},
  });
}

/**
 * Check runs every ten minutes, up to five minutes late: this keeps rounds at most 35 minutes apart. Verify asks the endpoint of a
 * listener that is gone for a minute, and the next check tells people: within the hour, where a round takes minutes.
 */
const roundEveryMs = 20 * minuteMs;
/** After this time its run is over, and its message lost. */
const lostAfterMs = 5 * minuteMs;

export function isRoundDue(round: Round | undefined, now: Date): boolean {
  if (!round || [round.begunAt, round.seenAt].some((at) => isAhead(at, now, past))) return true;
  return round.next === null
    ? addMs(new Date(round.begunAt), roundEveryMs) <= now
    : addMs(new Date(round.seenAt), lostAfterMs) <= now;
}

/** Returns the round that a run works on: the one under way, or a new one. */
export function roundAt(round: Round | undefined, now: Date): Round {
  const at = now.toISOString();
  return round && round.next !== null ? round : { begunAt: at, next: '', seenAt: at };
}
