import { createHash } from 'node:crypto';
import { addMs, dayMs } from '#shared/time/clock.ts';
import type { CertificateRecord, LedgerEvent, SentEvent } from '../record/record.ts';

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

/** Newest last. */
export function withSent(
  sent: readonly SentEvent[],
  events: readonly LedgerEvent[],
  now: Date,
): SentEvent[] {
  const ids = new Set(events.map(({ id }) => id));
  const at = now.toISOString();
  const added = events.map((event) => ({ id: event.id, digest: digestOf(event), at }));
  const before = sent.filter((each) => !ids.has(each.id) && addMs(new Date(each.at), keptMs) > now);
  const isOld = (each: SentEvent) => addMs(new Date(each.at), keptForSureMs) <= now;
  const older = before.filter(isOld).slice(-mostOlder);
  return [...older, ...before.filter((each) => !isOld(each)), ...added];
}

export function isAmong(sent: readonly SentEvent[], event: LedgerEvent): boolean {
  const digest = digestOf(event);
  return sent.some((each) => each.id === event.id && each.digest === digest);
}

/**
 * The event as the record of its certificate holds it; null where it does not. Of what a release before this one has
 * sent only the line of history is left, so that nothing else of it is told.
 */
export function heldEvent(record: CertificateRecord, event: LedgerEvent): LedgerEvent | null {
  const { history, outbox, sentEvents } = record;
  const digest = digestOf(event);
  if (outbox.some((each) => each.id === event.id && digestOf(each) === digest)) return event;
  if (sentEvents) return isAmong(sentEvents, event) ? event : null;
  const { at, summary, type } = event;
  const isKnown = history.some(
    (each) => each.at === at && each.what === type && each.why === summary,
  );
  return isKnown ? { ...event, severity: 'warning', details: {} } : null;
}
