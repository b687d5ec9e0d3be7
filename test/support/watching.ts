import type { LookPorts } from '#shared/check/observations/look.ts';
import { s3Observations } from '#shared/check/observations/observations.ts';
import type { ObjectStore } from '#shared/object-store.ts';

/** Check sees that every secret is there and that somebody gets the messages. */
export function watching(objects: Pick<ObjectStore, 'get' | 'putIf'>): Omit<LookPorts, 'clock'> {
  return {
    observations: s3Observations(objects),
    keys: { stateOf: async () => 'there' },
    topics: { audienceOf: async () => ({ confirmed: 1, pending: 0 }) },
    topicNames: ['certkeep-alerts'],
  };
}
