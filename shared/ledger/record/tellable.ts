import { eventSchema } from './record.ts';

/** It becomes part of an object's key, of which S3 takes 1,024 bytes. */
const longestId = 300;
/** EventBridge's DetailType has 128 characters at most. */
const longestType = 100;
/** What one entry of PutEvents may have everywhere (adapters/event-bundles.ts), with room for what is around it. */
const mostCharacters = 190_000;

/**
 * A record without the events that can be told to nobody, which certkeep has not written: an entry that the bus or a channel
 * refuses would keep those beside it from people at each check. Returns how many were left out.
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
