import type { LedgerEvent } from '../record/record.ts';

/** The `source` by which rules know our events. */
export const eventSource = 'certkeep';

export type EventBus = {
  publish(events: readonly LedgerEvent[]): Promise<void>;
};
