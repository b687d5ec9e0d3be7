import * as z from 'zod/mini';
import { readableEntries, type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import { mostBytes, type ObjectStore } from '#shared/object-store.ts';

const instant = z.iso.datetime();

const secretStates = ['there', 'missing', 'marked-for-deletion', 'another-version'] as const;

/** The result of a look at the secret of a certificate. */
export type SecretSeen = {
  readonly versionId: string;
  /** The time of the look. */
  readonly at: string;
  readonly state: (typeof secretStates)[number];
};

/** Without a schema, which takes ten times as long for as many as there are certificates. */
function isSecretSeen(value: unknown): value is SecretSeen {
  const { at, state, versionId } = Object(value);
  return typeof versionId === 'string' && secretStates.includes(state) && isInstant(at);
}

function isInstant(at: unknown): boolean {
  return typeof at === 'string' && at.endsWith('Z') && !Number.isNaN(Date.parse(at));
}

function secretsIn(json: unknown): Observations['secrets'] {
  return Object.fromEntries(
    Object.entries(Object(json)).filter((entry): entry is [string, SecretSeen] =>
      isSecretSeen(entry[1]),
    ),
  );
}

/** The result of a look at a topic. */
const topicSeen = z.object({
  at: instant,
  confirmed: z.int(),
  /** Addresses that have not confirmed. */
  pending: z.int(),
  /** Its policy does not let a service publish that is to. */
  isClosed: z._default(z.boolean(), false),
  /** The addresses of the configuration that were looked for. */
  addresses: z._default(z.readonly(z.array(z.string())), []),
  /** Those that have not confirmed. */
  unconfirmed: z._default(z.readonly(z.array(z.string())), []),
});

/** `off`: the alarm is there, and tells nobody. */
const alarmState = z.enum(['on', 'off', 'missing']);
export type AlarmState = z.infer<typeof alarmState>;

/** The result of a look at an alarm. */
const alarmSeen = z.object({ at: instant, state: alarmState });

/** A sign of life that could not be given. */
const signFailed = z.object({
  /** The time of the first failure. */
  since: instant,
  message: z.string(),
});

/** Alert has written down that a channel of the user refuses. */
const refusalSeen = z.object({ since: instant, message: z.string() });

const knownSchema = z.object({
  /** The digest of the configuration, and the recalls, under which it is known. */
  config: z.string(),
  /**
   * By certificate: the digest of the ETags of its objects, and the time until which nothing is due while they stay; or
   * until which a new certificate is due, with the text that sorts those that wait.
   */
  records: z.record(z.string(), z.string()),
});

/**
 * Lets check leave records unread. Any field of it may be wrong: check concludes from it only that there is nothing to do
 * yet, and reads each record every six hours at least. If it is lost, check reads all records and writes it anew.
 */
export type Known = Readonly<z.output<typeof knownSchema>>;

const nothingKnown: Known = { config: '', records: {} };

export type TopicSeen = Readonly<z.infer<typeof topicSeen>>;
export type AlarmSeen = Readonly<z.infer<typeof alarmSeen>>;
export type SignFailed = Readonly<z.infer<typeof signFailed>>;

/** Observations of check that no record holds. They are rebuilt by looking again. */
export type Observations = {
  /** By certificate. */
  readonly secrets: Readonly<Record<string, SecretSeen>>;
  /** By the key of the watcher. */
  readonly topics: Readonly<Record<string, TopicSeen>>;
  readonly alarms: Readonly<Record<string, AlarmSeen>>;
  /** ISO 8601; the first check since which alert has not come once. Null as soon as it has. */
  readonly alertAwaitedSince: string | null;
  /** ISO 8601; the first check since which verify has no object of what it has seen. Null while it has one. */
  readonly verifyAwaitedSince: string | null;
  /** By the name of the sign; those that fail. */
  readonly signs: Readonly<Record<string, SignFailed>>;
  /** By the name of the channel; those of the user that refuse. */
  readonly refusals: Readonly<Record<string, Readonly<z.infer<typeof refusalSeen>>>>;
  readonly known: Known;
};

export const nothingSeen: Observations = {
  secrets: {},
  topics: {},
  alarms: {},
  alertAwaitedSince: null,
  verifyAwaitedSince: null,
  signs: {},
  refusals: {},
  known: nothingKnown,
};

/** `observations/check.json`: check alone writes it. */
export function s3Observations(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
): SharedObject<Observations> {
  return sharedObject<Observations>(objects, {
    key: 'observations/check.json',
    parse: (json) => {
      const { alarms, known, refusals, secrets, signs, topics, ...awaited } = Object(json);
      return {
        secrets: secretsIn(secrets),
        topics: readableEntries(topicSeen, topics ?? {}) ?? {},
        alarms: readableEntries(alarmSeen, alarms ?? {}) ?? {},
        alertAwaitedSince: instant.safeParse(awaited.alertAwaitedSince).data ?? null,
        verifyAwaitedSince: instant.safeParse(awaited.verifyAwaitedSince).data ?? null,
        refusals: readableEntries(refusalSeen, refusals ?? {}) ?? {},
        signs: readableEntries(signFailed, signs ?? {}) ?? {},
        known: knownSchema.safeParse(known).data ?? nothingKnown,
      };
    },
    toJson: (observations) => observations,
    empty: nothingSeen,
    hasOneWriter: true,
    most: mostBytes.state,
  });
}
