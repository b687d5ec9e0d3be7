import type { LedgerEvent } from '#shared/ledger/record/record.ts';

/** Events of one type that travel as one entry of PutEvents. */
export type EventBundle = { readonly type: LedgerEvent['type']; readonly events: LedgerEvent[] };

/**
 * An entry may have 1 MB since January 2026, and 256 KB in regions that are still behind
 * (https://docs.amazonaws.cn/eventbridge/latest/APIReference/API_PutEvents.html). The event that a function receives is a
 * little larger than the entry.
 */
const largestBundleBytes = 200_000;
/** https://docs.aws.amazon.com/eventbridge/latest/APIReference/API_PutEvents.html */
const entriesPerCall = 10;
/** The limit of 256 KB applied to the whole call before it applied to an entry. */
const largestCallBytes = 240_000;

/** Splits events into calls. Each entry of a call holds events of one type, in their order. */
export function callsFor(events: readonly LedgerEvent[]): readonly (readonly EventBundle[])[] {
  const bundles = bundlesOf(events);
  const calls: EventBundle[][] = [];
  let bytes = 0;
  for (const bundle of bundles) {
    const last = calls.at(-1);
    const isFull = last?.length === entriesPerCall || bytes + bundle.bytes > largestCallBytes;
    if (last && !isFull) last.push(bundle);
    else calls.push([bundle]);
    bytes = (last && !isFull ? bytes : 0) + bundle.bytes;
  }
  return calls;
}

function bundlesOf(events: readonly LedgerEvent[]) {
  const bundles: (EventBundle & { bytes: number })[] = [];
  for (const event of events) {
    const bytes = Buffer.byteLength(JSON.stringify(event)) + 1;
    const open = bundles.findLast(({ type }) => type === event.type);
    if (open && open.bytes + bytes <= largestBundleBytes) {
      open.events.push(event);
      open.bytes += bytes;
    } else bundles.push({ type: event.type, events: [event], bytes });
  }
  return bundles;
}
