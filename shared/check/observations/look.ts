import type { VerifyBook } from '#shared/deploy/verify/verify-book.ts';
import { errorMessage } from '#shared/errors.ts';
import type { Told } from '#shared/finish/alert/told.ts';
import type { KeyWatch } from '#shared/keystores/key-store.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { type Clock, hourMs, isPast } from '#shared/time/clock.ts';
import type { AlarmSeen, AlarmState, Known, Observations, TopicSeen } from './observations.ts';
import { secretsSeen } from './secrets.ts';
import type { WatchedTopic, Watcher, Watchers } from './watchers.ts';

export type WatcherLook = {
  /** Counts who gets the messages of a topic. */
  audienceOf(topic: WatchedTopic): Promise<Omit<TopicSeen, 'at' | 'addresses'>>;
  /** Says of alarms of one region, in their order, whether they would tell anybody. */
  statesOf(region: string, names: readonly string[]): Promise<readonly AlarmState[]>;
};

export type LookPorts = {
  readonly observations: SharedObject<Observations>;
  readonly keys: KeyWatch;
  readonly watchers: Watchers;
  readonly watcherLook: WatcherLook;
  /** The object that alert writes. */
  readonly told: { read(): Promise<Pick<Told, 'cameAt' | 'refusals'> | null> };
  readonly clock: Clock;
};

/** Check looks more often at anything that is not well, so that people soon hear of its end. */
const badEveryMs = hourMs;
/** Another six hours pass until an alarm rings because nobody hears alert: a day is all that people may be without it. */
const watcherEveryMs = 6 * hourMs;
export type Looked = {
  readonly observations: Observations;
  /** When alert came last after a check, or since when it is awaited; null where nobody could say. */
  readonly alertSeenAt: Date | null;
  readonly failures: readonly unknown[];
  /** By `look at eu-west-1`: what could not be looked at in another region, whose trouble does not concern home. */
  readonly elsewhere: ReadonlyMap<string, string>;
};

export type Looking = {
  /** The observations of the check before. */
  readonly before: Observations;
  /** What verify has written; null where it could not be read. */
  readonly book: Pick<VerifyBook, 'since'> | null;
  /** All configured certificates. */
  readonly ids: readonly string[];
  /** The records that were read. */
  readonly records: readonly CertificateRecord[];
  /** Returns what is known of records from now on. */
  readonly knownAfter: (secrets: Observations['secrets'], before: Known) => Known;
};

/**
 * Looks at everything that no record tells: the secrets, who gets the messages, the alarms, and whether alert has come. What
 * cannot be looked at stays as it was seen last, and its error is returned.
 */
export async function look(
  ports: LookPorts,
  { before, book, ids, knownAfter, records }: Looking,
): Promise<Looked> {
  const failures: unknown[] = [];
  const elsewhere = new Map<string, string>();
  const blindIn = (region: string, error: unknown) => {
    if (region === ports.watchers.home) failures.push(error);
    else elsewhere.set(`look at ${region}`, errorMessage(error));
  };
  const secrets = await secretsSeen(ports, records, before, failures);
  const topics = await topicsSeen(ports, before, blindIn);
  const alarms = await alarmsSeen(ports, before, blindIn);
  const alert = await alertSeen(ports, before, failures);
  const beside = { alertSeenAt: alert.seenAt, failures, elsewhere };
  const { refusals } = alert;
  const awaited = {
    alertAwaitedSince: alert.alertAwaitedSince,
    verifyAwaitedSince: verifyAwaitedSince(ports, before, book),
  };
  const known = knownAfter({ ...before.secrets, ...secrets }, before.known);
  const isNew = [secrets, topics, alarms].some((seen) => Object.keys(seen).length > 0);
  const isKnown = isSame(known, before.known);
  const isAwaited =
    awaited.alertAwaitedSince === before.alertAwaitedSince &&
    awaited.verifyAwaitedSince === before.verifyAwaitedSince;
  const isRefused = JSON.stringify(refusals) === JSON.stringify(before.refusals);
  if (!isNew && isKnown && isAwaited && isRefused) return { observations: before, ...beside };
  const configured = new Set(ids);
  const keys = (of: readonly Watcher[]) => new Set(of.map(({ key }) => key));
  const observations = await ports.observations.update((now) => ({
    ...now,
    secrets: { ...only(now.secrets, configured), ...secrets },
    topics: { ...only(now.topics, keys(ports.watchers.topics)), ...topics },
    alarms: { ...only(now.alarms, keys(ports.watchers.alarms)), ...alarms },
    ...awaited,
    refusals,
    known,
  }));
  return { observations, ...beside };
}

type BlindIn = (region: string, error: unknown) => void;

async function topicsSeen(
  { clock, watcherLook, watchers }: LookPorts,
  { topics: known }: Observations,
  blindIn: BlindIn,
): Promise<Observations['topics']> {
  const now = clock.now();
  const found: Record<string, TopicSeen> = {};
  for (const topic of watchers.topics) {
    const { key } = topic;
    const seen = known[key];
    // Until somebody has confirmed, each check looks: people wait for their first message.
    const isBad = seen && (seen.isClosed || seen.unconfirmed.length > 0);
    const everyMs = isBad ? badEveryMs : watcherEveryMs;
    const { addresses } = topic;
    const isKnown = addresses.every((each) => seen?.addresses.includes(each));
    if (seen && seen.confirmed > 0 && isKnown && !isPast(seen.at, everyMs, now)) continue;
    try {
      const audience = await watcherLook.audienceOf(topic);
      found[key] = { ...audience, addresses, at: now.toISOString() };
    } catch (error) {
      blindIn(topic.region, error);
    }
  }
  return found;
}

async function alarmsSeen(
  { clock, watcherLook, watchers }: LookPorts,
  { alarms: known }: Observations,
  blindIn: BlindIn,
): Promise<Observations['alarms']> {
  const now = clock.now();
  const found: Record<string, AlarmSeen> = {};
  for (const [region, alarms] of Map.groupBy(watchers.alarms, (alarm) => alarm.region)) {
    if (!alarms.some((alarm) => isAlarmDue(known[alarm.key], now))) continue;
    try {
      const names = alarms.map(({ name }) => name);
      const states = await watcherLook.statesOf(region, names);
      for (const [index, alarm] of alarms.entries()) {
        found[alarm.key] = { at: now.toISOString(), state: states[index] ?? 'missing' };
      }
    } catch (error) {
      blindIn(region, error);
    }
  }
  return found;
}

function isAlarmDue(seen: AlarmSeen | undefined, now: Date): boolean {
  return !seen || isPast(seen.at, seen.state === 'on' ? watcherEveryMs : badEveryMs, now);
}

type AlertSeen = Pick<Observations, 'alertAwaitedSince' | 'refusals'> & {
  readonly seenAt: Date | null;
};

async function alertSeen(
  { clock, told }: LookPorts,
  { alertAwaitedSince, refusals: known }: Observations,
  failures: unknown[],
): Promise<AlertSeen> {
  try {
    const now = clock.now();
    const { cameAt = null, refusals = {} } = (await told.read()) ?? {};
    const refused = Object.entries(refusals).map(([name, { since, message }]) => [
      name,
      { since, message },
    ]);
    const beside = { refusals: Object.fromEntries(refused) };
    if (cameAt) return { seenAt: new Date(cameAt), alertAwaitedSince: null, ...beside };
    const since = alertAwaitedSince ?? now.toISOString();
    return { seenAt: new Date(since), alertAwaitedSince: since, ...beside };
  } catch (error) {
    failures.push(error);
    return { seenAt: null, alertAwaitedSince, refusals: known };
  }
}

function verifyAwaitedSince(
  { clock }: LookPorts,
  before: Observations,
  book: Looking['book'],
): string | null {
  if (book === null) return before.verifyAwaitedSince;
  if (book.since !== null) return null;
  return before.verifyAwaitedSince ?? clock.now().toISOString();
}

function isSame(one: Known, other: Known): boolean {
  const ids = Object.keys(one.records);
  return (
    one.config === other.config &&
    ids.length === Object.keys(other.records).length &&
    ids.every((id) => one.records[id] === other.records[id])
  );
}

function only<Seen>(
  all: Readonly<Record<string, Seen>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, Seen>> {
  if (Object.keys(all).every((name) => names.has(name))) return all;
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}
