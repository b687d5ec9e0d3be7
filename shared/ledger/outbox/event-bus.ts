import type { LedgerEvent } from '../record/record.ts';

/** The `source` by which rules recognize our events. */
export const eventSource = 'certkeep';

export type EventBus = {
  publish(events: readonly LedgerEvent[]): Promise<void>;
};
