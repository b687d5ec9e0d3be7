import * as z from 'zod/mini';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';

const instant = z.iso.datetime();

/** The result of a look at the secret of a certificate. */
const secretSeen = z.object({
  versionId: z.string(),
  /** The time of the look. */
  at: instant,
  state: z.enum(['there', 'missing', 'marked-for-deletion', 'another-version']),
});

/** The result of a look at a topic. */
const topicSeen = z.object({
  at: instant,
  confirmed: z.int(),
  /** Addresses that have not confirmed. */
  pending: z.int(),
});

export type SecretSeen = Readonly<z.infer<typeof secretSeen>>;
export type TopicSeen = Readonly<z.infer<typeof topicSeen>>;

/** Observations of check that no record holds. They are written at most once a run, and rebuilt by looking again. */
export type Observations = {
  /** By certificate. */
  readonly secrets: Readonly<Record<string, SecretSeen>>;
  /** By the name of the topic. */
  readonly topics: Readonly<Record<string, TopicSeen>>;
};

export const nothingSeen: Observations = { secrets: {}, topics: {} };

/** `observations/check.json`: check alone writes it. */
export function s3Observations(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
): SharedObject<Observations> {
  return sharedObject<Observations>(objects, {
    key: 'observations/check.json',
    parse: (json) => {
      const { secrets, topics } = Object(json);
      return {
        secrets: readableEntries(secretSeen, secrets ?? {}) ?? {},
        topics: readableEntries(topicSeen, topics ?? {}) ?? {},
      };
    },
    toJson: (observations) => observations,
    empty: nothingSeen,
  });
}
