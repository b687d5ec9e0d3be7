import { createHash } from 'node:crypto';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { mayTell } from '../parts/writers.ts';
import type { CertificateRecord, LedgerEvent, SentBy, SentEvent } from '../record/record.ts';

/** An event that reaches nobody is sent again for as long as alert keeps the marks of those that did (alerts/). */
const keptMs = 90 * dayMs;
/** Events of the last day are all kept, since the bus tries for a day; of older ones only this many. */
const keptForSureMs = dayMs;
const mostOlder = 1_000;

/** Covers everything that the event says, whatever the order of its fields. */
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

/** Sorted with the newest last. Events in `needed` stay however old they are. */
export function withSent(
  sent: readonly SentEvent[],
  events: readonly LedgerEvent[],
  now: Date,
  isNeeded: (event: Pick<SentEvent, 'id'>) => boolean = () => false,
): SentEvent[] {
  const added = events.map((event) => ({
    id: event.id,
    digest: digestOf(event),
    at: now.toISOString(),
  }));
  const again = new Set(added.map(nameOf));
  const kept = sent.filter((each) => !again.has(nameOf(each)));
  const needed = kept.filter(isNeeded);
  const others = kept.filter((each) => !isNeeded(each) && addMs(new Date(each.at), keptMs) > now);
  const isOld = (each: SentEvent) => addMs(new Date(each.at), keptForSureMs) <= now;
  const older = others.filter(isOld).slice(-mostOlder);
  return [...needed, ...older, ...others.filter((each) => !isOld(each)), ...added];
}

/** Two writers may have events of one id. */
function nameOf({ id, digest }: Pick<SentEvent, 'id' | 'digest'>): string {
  return `${digest} ${id}`;
}

export function isAmong(sent: readonly SentEvent[], event: LedgerEvent): boolean {
  const same = sent.filter(({ id }) => id === event.id);
  if (same.length === 0) return false;
  const digest = digestOf(event);
  return same.some((each) => each.digest === digest);
}

/** Says whether a function that may send such an event has sent it. */
export function isHeldIn(sent: readonly SentBy[], event: LedgerEvent): boolean {
  return isAmong(
    sent.filter(({ by = '' }) => mayTell(by, event)),
    event,
  );
}

/** Returns the event as alert reads it in the certificate's record; null where the record does not hold it. */
export function heldEvent(record: CertificateRecord, event: LedgerEvent): LedgerEvent | null {
  return isHeldIn(record.sentEvents, event) ? event : null;
}
