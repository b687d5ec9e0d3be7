import * as z from 'zod/mini';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { ledgerObject } from '../ledger-object.ts';
import { type SentEvent, sentEventSchema } from '../record/record.ts';
import { type SharedObject, sharedObject } from '../shared-object.ts';
import type { EventBus } from './event-bus.ts';
import { withSent } from './sent-events.ts';

/**
 * Events of a region or of the installation, which no record holds; each function that has such events writes its own
 * object.
 */
export type Announcements = SharedObject<readonly SentEvent[]>;

const schema = ledgerObject({ sent: z.array(sentEventSchema) });

/**
 * The object of each function: check writes events of regions, deploy those about rights in a place. Alert may read both.
 */
export const announcementKeys = {
  check: 'dispatch/announcements.json',
  deploy: 'rights/announcements.json',
} as const;

export function s3Announcements(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  writer: keyof typeof announcementKeys,
): Announcements {
  return sharedObject<readonly SentEvent[]>(objects, {
    key: announcementKeys[writer],
    parse: (json) => schema.safeParse(json).data?.sent ?? null,
    toJson: (sent) => ({ sent }),
    empty: [],
  });
}

/** A bus that writes events which no record holds down before it publishes them, so that alert finds them. */
export function announcingBus(
  bus: EventBus,
  announcements: Pick<Announcements, 'update'>,
  clock: Pick<Clock, 'now'>,
): EventBus {
  return {
    async publish(events) {
      const ours = events.filter(({ certificate }) => certificate === null);
      if (ours.length > 0) await announcements.update((sent) => withSent(sent, ours, clock.now()));
      await bus.publish(events);
    },
  };
}
