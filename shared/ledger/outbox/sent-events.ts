import { createHash } from 'node:crypto';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { mayTell } from '../parts/writers.ts';
import type { CertificateRecord, LedgerEvent, SentBy, SentEvent } from '../record/record.ts';

/** What failed to be told lies that long in the dead events, from where a person may send it again. */
const keptMs = 14 * dayMs;
/** All of a day are kept, which is how long the bus tries, and of older ones these. */
const keptForSureMs = dayMs;
const mostOlder = 50;

/** Of all that the event says, whatever the order of its fields. */
export function digestOf(event: LedgerEvent): string {
  return createHash('sha256')
    .update(JSON.stringify(ordered(event)))
    .digest('base64url')
    .slice(0, 22);
}

function ordered(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  if (Array.isArray(value)) return value.map(ordered);
  const entries = Object.entries(value).filter(([, each]) => each !== undefined);
  return entries
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([key, each]) => [key, ordered(each)]);
}

/** Newest last. What is `needed` stays however old it is. */
export function withSent(
  sent: readonly SentEvent[],
  events: readonly LedgerEvent[],
  now: Date,
  isNeeded: (event: Pick<SentEvent, 'id'>) => boolean = () => false,
): SentEvent[] {
  const ids = new Set(events.map(({ id }) => id));
  const at = now.toISOString();
  const added = events.map((event) => ({ id: event.id, digest: digestOf(event), at }));
  const kept = sent.filter((each) => !ids.has(each.id));
  const needed = kept.filter(isNeeded);
  const others = kept.filter((each) => !isNeeded(each) && addMs(new Date(each.at), keptMs) > now);
  const isOld = (each: SentEvent) => addMs(new Date(each.at), keptForSureMs) <= now;
  const older = others.filter(isOld).slice(-mostOlder);
  return [...needed, ...older, ...others.filter((each) => !isOld(each)), ...added];
}

export function isAmong(sent: readonly SentEvent[], event: LedgerEvent): boolean {
  const same = sent.filter(({ id }) => id === event.id);
  if (same.length === 0) return false;
  const digest = digestOf(event);
  return same.some((each) => each.digest === digest);
}

/** Whether one who may tell such an event has sent it. */
export function isHeldIn(sent: readonly SentBy[], event: LedgerEvent): boolean {
  return isAmong(
    sent.filter(({ by = '' }) => mayTell(by, event)),
    event,
  );
}

/** The event where the record of its certificate, as alert reads it, holds it; null where it does not. */
export function heldEvent(record: CertificateRecord, event: LedgerEvent): LedgerEvent | null {
  return isHeldIn(record.sentEvents, event) ? event : null;
}
