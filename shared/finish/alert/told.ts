import * as z from 'zod/mini';
import { type SharedObject, sharedObject } from '#shared/ledger/shared-object.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { severities } from '#shared/status/condition.ts';

/*
 *              bad                    changed, reminder
 *   nothing ─────────▶ told ◀─────────────────────────┐
 *      ▲                │ └───────────────────────────┘
 *      └────────────────┘
 *        well again
 *
 *   Each step is written down as intended (`sending`), sent, and written down as told.
 */

const instant = z.iso.datetime();

/** Whom messages about a thread have concerned since it began; absent in what a release before has written. */
const audience = {
  owners: z._default(z.array(z.string()), []),
  severities: z._default(z.array(z.enum(severities)), []),
};

/** The last message about a thread. */
const toldThread = z.object({
  /** The time of the first message. */
  since: instant,
  /** The time of the last message. */
  at: instant,
  severity: z.enum(severities),
  /** Names what is wrong, whoever it concerns: a change of it is told. */
  troubles: z.array(z.string()),
  /** The number of certificates; 0 for trouble of the installation itself. */
  count: z.int(),
  /** The first of them, by id. */
  certificates: z.array(z.string()),
  ...audience,
});

const told = z.object({
  /** The time at which it was begun: ids of messages are made of it, so that a lost object repeats none of them. */
  begunAt: instant,
  /** The number of times that it was written. */
  writes: z.int(),
  threads: z.record(z.string(), toldThread),
  /** By thread: messages that a run has begun to send. If it died, nobody knows whether people have heard them. */
  sending: z.record(z.string(), z.object({ id: z.string(), digest: z.string(), ...audience })),
  digestAt: z.nullable(instant),
  /**
   * The last time that alert came after a check and could tell somebody, give or take an hour; null where an earlier release
   * wrote it. Check sees by it that the way from its bus to people is open.
   */
  cameAt: z._default(z.nullable(instant), null),
});

export type Told = Readonly<z.infer<typeof told>>;
export type ToldThread = Readonly<z.infer<typeof toldThread>>;
export type Audience = Pick<ToldThread, 'owners' | 'severities'>;

/** Alert alone writes it. If it is lost, people get one summary. */
export function s3Told(objects: Pick<ObjectStore, 'get' | 'putIf'>): SharedObject<Told | null> {
  return sharedObject<Told | null>(objects, {
    key: 'told/told.json',
    parse: (json) => told.safeParse(json).data ?? null,
    toJson: (content) => content,
    empty: null,
  });
}

export function begunAt(now: Date): Told {
  return {
    begunAt: now.toISOString(),
    writes: 0,
    threads: {},
    sending: {},
    digestAt: null,
    cameAt: null,
  };
}
