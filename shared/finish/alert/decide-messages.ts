import { createHash } from 'node:crypto';
import type { Status } from '#shared/status/status-schema.ts';
import { dayMs, hourMs, isPast } from '#shared/time/clock.ts';
import { audienceOf, isNewToAnOwner } from './audience.ts';
import { certificateKey, idsOf, isOfMany, type Thread, threadsOf } from './threads.ts';
import { type Audience, begunAt, type Told, type ToldThread } from './told.ts';

/** Why people hear of a thread. */
type Occasion = 'bad' | 'changed' | 'reminder' | 'well';

export type Decision =
  | {
      readonly kind: 'thread';
      /** The same for the same message, should it be sent twice. */
      readonly id: string;
      readonly key: string;
      readonly occasion: Occasion;
      /** Null where all is well again. */
      readonly thread: Thread | null;
      /** What people heard last; null where it is new. */
      readonly before: ToldThread | null;
      /** Certificates that left the thread and are well. */
      readonly wellAgain: readonly string[];
      readonly audience: Audience;
    }
  /** Several threads in one message. */
  | {
      readonly kind: 'summary';
      readonly id: string;
      readonly of: readonly Heard[];
      readonly isWhole: boolean;
    }
  | { readonly kind: 'digest'; readonly id: string };

/** A thread of a summary. */
export type Heard = Pick<
  Extract<Decision, { kind: 'thread' }>,
  'key' | 'occasion' | 'thread' | 'before' | 'wellAgain' | 'audience'
>;

export type Decided = {
  readonly messages: readonly Decision[];
  /** Written before the messages are sent. */
  readonly intended: Told;
  /** Written when they are: what people have heard, without the messages that could not be sent. */
  after(failed: ReadonlySet<string>): Told;
};

export type Habits = { readonly digest: 'weekly' | 'never' };

const reminderMs = dayMs;
/** In the last day of a life. */
const lastDayReminderMs = hourMs;
/** More in one run are one summary. */
const mostMessages = 8;
/** Of a cause that many share, people hear again when it concerns so many times more certificates. */
const growth = 4;
const mostRemembered = 50;
/** Stands for the summary of all, which is sent again until it is told. No thread has this key. */
const everything = '';

/**
 * Decides what people hear now: a thread that is new, changed, over, or that they were reminded of long ago. It is a pure
 * function of what is and of what was told. `told` is null on the first run, and where what was told is lost: then one
 * summary tells everything. Where a run died while it sent, the same message has the same id again.
 */
export function decideMessages(
  status: Status,
  told: Told | null,
  habits: Habits,
  now: Date,
): Decided {
  const before = told ?? begunAt(now);
  const threads = threadsOf(status, keysOf(before));
  const bad = new Set(threads.flatMap(idsOf));
  const heard = [
    ...threads.flatMap((thread) => occasionOf(thread, before, { bad, now })),
    ...over(status, threads, before),
  ];
  const isDigest = digestDue(before, habits, now);
  const messages = [
    ...messagesOf(heard, before, told === null || before.sending[everything] !== undefined),
    ...(isDigest ? [digestOf(before)] : []),
  ];
  if (messages.length === 0) return { messages, intended: before, after: () => before };
  const known = keysOf(before);
  const sendingOf = (some: readonly Decision[]) =>
    Object.fromEntries(some.flatMap((message) => intentsOf(message, known)));
  const sending = { ...before.sending, ...sendingOf(messages) };
  const intended = { ...before, writes: before.writes + 1, sending };
  function after(failed: ReadonlySet<string>): Told {
    const unsent = messages.filter(({ id }) => failed.has(id));
    const isDigestSent = isDigest && unsent.every(({ kind }) => kind !== 'digest');
    return {
      ...intended,
      threads: nextThreads(threads, before, { heard, unheard: keysIn(unsent), now }),
      sending: sendingOf(unsent),
      digestAt: isDigestSent || before.digestAt === null ? now.toISOString() : before.digestAt,
    };
  }
  return { messages, intended, after };
}

function keysIn(messages: readonly Decision[]): ReadonlySet<string> {
  return new Set(messages.flatMap(heardIn).map(({ key }) => key));
}

function heardIn(message: Decision): readonly Heard[] {
  if (message.kind === 'digest') return [];
  return message.kind === 'summary' ? message.of : [message];
}

function messagesOf(heard: readonly Heard[], before: Told, isWhole: boolean): readonly Decision[] {
  if (isWhole || heard.length > mostMessages) {
    const id = idOf('summary', heard, before, isWhole);
    return [{ kind: 'summary', id, of: heard, isWhole }];
  }
  return heard.map((each) => ({ kind: 'thread', id: idOf(each.key, [each], before), ...each }));
}

/** The id of a message that was begun to be sent, if this one says the same; or else a new one. */
function idOf(
  key: string,
  heard: readonly Heard[],
  { begunAt: since, sending, writes }: Told,
  isWhole = false,
): string {
  const digest = digestText(heard);
  const known = isWhole ? [sending[everything]] : heard.map((each) => sending[each.key]);
  const [first] = known;
  const isSame = first && known.every((each) => each?.id === first.id && each.digest === digest);
  return isSame ? first.id : `${key}-${since}-${writes}`;
}

function digestOf({ begunAt: since, writes }: Told): Decision {
  return { kind: 'digest', id: `digest-${since}-${writes}` };
}

/** The threads of a message. A certificate that joins others was last heard of with them. */
function intentsOf(
  message: Decision,
  known: ReadonlySet<string>,
): readonly (readonly [string, Intent])[] {
  const heard = heardIn(message);
  if (heard.length === 0 && message.kind !== 'summary') return [];
  const intent = { id: message.id, digest: digestText(heard) };
  const own = heard.flatMap(({ audience, thread }) => {
    const joined = thread && isOfMany(thread) ? idsOf(thread).map(certificateKey) : [];
    return joined.filter((key) => known.has(key)).map((key) => ({ key, audience }));
  });
  const whole =
    message.kind === 'summary' && message.isWhole ? [{ key: everything, audience: nobody }] : [];
  return [...whole, ...own, ...heard].map(
    ({ audience, key }) => [key, { ...intent, ...audience }] as const,
  );
}

const nobody: Audience = { owners: [], severities: [] };

type Intent = Told['sending'][string];

/** What a message says, so far as it matters whether it says the same. */
function digestText(heard: readonly Heard[]): string {
  const said = heard.map(({ key, occasion, thread }) => [
    key,
    occasion,
    thread && [thread.severity, troublesOf(thread), ...(isOfMany(thread) ? idsOf(thread) : [])],
  ]);
  return createHash('sha256').update(JSON.stringify(said)).digest('hex').slice(0, 16);
}

function occasionOf(
  thread: Thread,
  told: Told,
  { bad, now }: { readonly bad: ReadonlySet<string>; readonly now: Date },
): readonly Heard[] {
  const { key } = thread;
  const before = told.threads[key] ?? null;
  // Whoever has left this thread may be bad in another one.
  const wellAgain = (before?.certificates ?? []).filter((id) => !bad.has(id));
  const heard = { key, thread, before, wellAgain, audience: audienceOf(key, thread, told) };
  if (!before) return [{ ...heard, occasion: 'bad' }];
  const isChanged = isNews(thread, before) || takesIn(thread, told) || isUncertain(key, told);
  if (isChanged) return [{ ...heard, occasion: 'changed' }];
  if (isToldOnce(thread) || !isPast(before.at, pauseOf(thread, now), now)) return [];
  return [{ ...heard, occasion: 'reminder' }];
}

/** Says whether a certificate of which people heard alone joins those with the same trouble. */
function takesIn(thread: Thread, { threads }: Told): boolean {
  return isOfMany(thread) && idsOf(thread).some((id) => threads[certificateKey(id)]);
}

/**
 * Says whether a run died that was about to tell of the thread, or of many certificates, of which this may have been one.
 */
function isUncertain(key: string, { sending }: Told): boolean {
  const begun = Object.keys(sending);
  const isAlone = key.startsWith(certificateKey(''));
  return begun.includes(key) || (isAlone && begun.some((each) => isOfMany({ key: each })));
}

/** Clients lose nothing while a tag waits, and the status lists it. */
function isToldOnce({ members }: Thread): boolean {
  return members.every(({ condition }) => condition.type === 'Discovered');
}

/** A day, or an hour in the last day before clients are hurt. */
function pauseOf({ members: [{ condition }] }: Thread, now: Date): number {
  const { hurtsAt } = condition.danger;
  if (hurtsAt === null) return reminderMs;
  const left = Date.parse(hurtsAt) - now.getTime();
  return left > 0 && left <= dayMs ? lastDayReminderMs : reminderMs;
}

function isNews(thread: Thread, before: ToldThread): boolean {
  if (thread.severity !== before.severity) return true;
  if (troublesOf(thread).join() !== before.troubles.join()) return true;
  if (isNewToAnOwner(thread, before)) return true;
  return before.count > 0 && idsOf(thread).length >= growth * before.count;
}

/** What is wrong in a thread, without whom it concerns: `Renewable CaaForbids`, of one certificate with its target. */
function troublesOf({ members }: Thread): readonly string[] {
  const isOfOne = new Set(members.map(({ certificate }) => certificate)).size === 1;
  const names = members.map(({ condition: { about, reason, type } }) =>
    isOfOne && about !== null ? `${type} ${reason} ${about}` : `${type} ${reason}`,
  );
  const [{ condition }] = members;
  return [...[...new Set(names)].sort(), `clients get: ${condition.danger.clients}`];
}

/**
 * Threads that are over, and those that people may have heard of from a run that died. Where many certificates turn out to
 * have the same trouble, their common thread tells of what each was told of alone.
 */
function over(status: Status, threads: readonly Thread[], told: Told): readonly Heard[] {
  const present = new Set(threads.map(({ key }) => key));
  const bad = new Set(threads.flatMap(idsOf));
  const joined = new Set(threads.filter(isOfMany).flatMap(idsOf));
  const known = new Set(status.certificates.map(({ id }) => id));
  return [...keysOf(told)].flatMap((key): Heard[] => {
    if (present.has(key)) return [];
    const before = told.threads[key] ?? null;
    const certificates = before?.certificates ?? [];
    const wellAgain = certificates.filter((id) => !bad.has(id) && known.has(id));
    const isMoved = certificates.some((id) => key === certificateKey(id) && joined.has(id));
    if (isMoved) return [];
    const audience = audienceOf(key, null, told);
    return [{ key, occasion: 'well', thread: null, before, wellAgain, audience }];
  });
}

/** The threads of which people have heard, or may have. */
function keysOf({ sending, threads }: Told): ReadonlySet<string> {
  const keys = new Set([...Object.keys(threads), ...Object.keys(sending)]);
  keys.delete(everything);
  return keys;
}

function nextThreads(
  threads: readonly Thread[],
  { threads: known }: Told,
  {
    heard,
    now,
    unheard,
  }: {
    readonly heard: readonly Heard[];
    readonly unheard: ReadonlySet<string>;
    readonly now: Date;
  },
): Told['threads'] {
  const news = new Map(heard.map((each) => [each.key, each]));
  const next = threads.flatMap((thread) => {
    const { key } = thread;
    if (unheard.has(key)) return [];
    const said = news.get(key);
    const told = said ? toldOf(thread, said, now) : known[key];
    return told ? [[key, told] as const] : [];
  });
  const kept = Object.entries(known).filter(([key]) => unheard.has(key));
  return Object.fromEntries([...kept, ...next]);
}

function toldOf(thread: Thread, { audience, before }: Heard, now: Date): ToldThread {
  const ids = idsOf(thread);
  const at = now.toISOString();
  return {
    since: before?.since ?? at,
    at,
    severity: thread.severity,
    troubles: [...troublesOf(thread)],
    count: ids.length,
    certificates: ids.slice(0, mostRemembered),
    ...audience,
  };
}

const weekMs = 7 * dayMs;

function digestDue({ digestAt }: Told, { digest }: Habits, now: Date): boolean {
  return digest === 'weekly' && digestAt !== null && isPast(digestAt, weekMs, now);
}
