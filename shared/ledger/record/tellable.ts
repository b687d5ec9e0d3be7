import { eventSchema } from './record.ts';

/** The id becomes part of an object's key, and S3 allows keys of 1,024 bytes. */
const longestId = 300;
/** EventBridge's DetailType has 128 characters at most. */
const longestType = 100;
/** The size that one entry of PutEvents may have everywhere (adapters/event-bundles.ts), with room for its envelope. */
const mostCharacters = 190_000;

/**
 * Removes the events that nobody can receive, which certkeep has not written: an entry that the bus or a channel refuses
 * would keep the events beside it from people at each check. Returns the record and the number of removed events.
 */
export function withoutUntellable(record: unknown): { readonly record: unknown; left: number } {
  const { outbox } = (record ?? {}) as { readonly outbox?: unknown };
  if (!Array.isArray(outbox)) return { record, left: 0 };
  const tellable = outbox.filter(isTellable);
  const left = outbox.length - tellable.length;
  return left === 0
    ? { record, left }
    : { record: { ...(record as object), outbox: tellable }, left };
}

function isTellable(event: unknown): boolean {
  const { data } = eventSchema.safeParse(event);
  if (!data) return false;
  const { id, type }: { readonly id: string; readonly type: string } = data;
  const isNamed = id !== '' && id.length <= longestId && type !== '' && type.length <= longestType;
  return isNamed && JSON.stringify(event).length <= mostCharacters;
}
