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

/** The refusal of a channel of the user. */
const refusal = z.object({
  since: instant,
  /** A `proof` that succeeds ends what a proof has found; what a message has found, only a message. */
  by: z.enum(['message', 'proof']),
  message: z.string(),
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
  /** By the name of the channel; absent in what a release before has written. */
  refusals: z._default(z.record(z.string(), refusal), {}),
});

export type Told = Readonly<z.infer<typeof told>>;
export type Refusal = Readonly<z.infer<typeof refusal>>;

/** By the name of a channel of the user: the latest proof or message, and why it was refused; null where it was not. */
export type Shown = Map<string, { readonly by: Refusal['by']; readonly refusal: string | null }>;
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
    refusals: {},
  };
}

/** Takes over what channels have shown. Those that are no more are forgotten. */
export function withRefusals(
  told: Told,
  shown: Shown,
  channels: readonly string[],
  now: Date,
): Told {
  const entries = channels.flatMap((name): [string, Refusal][] => {
    const [known, seen] = [told.refusals[name], shown.get(name)];
    if (!seen || (seen.refusal === null && seen.by === 'proof' && known?.by === 'message')) {
      return known ? [[name, known]] : [];
    }
    if (seen.refusal === null) return [];
    const since = known?.since ?? now.toISOString();
    const by = known?.by === 'message' ? 'message' : seen.by;
    return [[name, { since, by, message: seen.refusal }]];
  });
  return { ...told, refusals: Object.fromEntries(entries) };
}
