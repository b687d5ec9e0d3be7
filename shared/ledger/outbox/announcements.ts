import * as z from 'zod/mini';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { ledgerObject } from '../ledger-object.ts';
import { type SentEvent, sentEventSchema } from '../record/record.ts';
import { type SharedObject, sharedObject } from '../shared-object.ts';
import type { EventBus } from './event-bus.ts';
import { withSent } from './sent-events.ts';

/** Events of a region or of the installation, which no record holds; each part of the path that has some writes its own. */
export type Announcements = SharedObject<readonly SentEvent[]>;

const schema = ledgerObject({ sent: z.array(sentEventSchema) });

/** Who writes which: check of regions, deploy of the rights in a place. Alert may read both. */
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

/** A bus on which nothing goes that no record holds before it is written down, so that alert finds it. */
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
