import { inBatches, recordsAtOnce } from '#shared/each.ts';
import type { KeyWatch } from '#shared/keystores/key-store.ts';
import { type CertificateRecord, desiredVersion } from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { addMs, type Clock, dayMs, hourMs } from '#shared/time/clock.ts';
import type { Observations, SecretSeen, TopicSeen } from './observations.ts';

type TopicWatch = {
  /** Counts who gets the messages of a topic. */
  audienceOf(topic: string): Promise<Omit<TopicSeen, 'at'>>;
};

export type LookPorts = {
  readonly observations: SharedObject<Observations>;
  readonly keys: KeyWatch;
  readonly topics: TopicWatch;
  /** The names of the topics that tell people. */
  readonly topicNames: readonly string[];
  readonly clock: Clock;
};

/** A secret is looked at once a day, and a version that has not been seen is looked at at once. */
const secretEveryMs = dayMs;
/** A secret that is not well is looked at more often, so that people soon hear of its end. */
const badEveryMs = hourMs;
const topicEveryMs = dayMs;
/** DescribeSecret allows 40 requests a second; a run looks at so many, and the next one goes on. */
const mostSecrets = 500;

/**
 * Looks whether the secrets are there, and whether somebody gets the messages: no record tells that. One that cannot be
 * looked at stays as it was seen last, and its error is returned.
 */
export async function look(
  ports: LookPorts,
  records: readonly CertificateRecord[],
): Promise<{ readonly observations: Observations; readonly failures: readonly unknown[] }> {
  const before = await ports.observations.read();
  const failures: unknown[] = [];
  const secrets = await secretsSeen(ports, records, before, failures);
  const topics = await topicsSeen(ports, before, failures);
  if (Object.keys(secrets).length === 0 && Object.keys(topics).length === 0) {
    return { observations: before, failures };
  }
  const configured = new Set(records.map(({ id }) => id));
  const observations = await ports.observations.update((now) => ({
    secrets: { ...only(now.secrets, configured), ...secrets },
    topics: { ...only(now.topics, new Set(ports.topicNames)), ...topics },
  }));
  return { observations, failures };
}

async function secretsSeen(
  { clock, keys }: LookPorts,
  records: readonly CertificateRecord[],
  { secrets }: Observations,
  failures: unknown[],
): Promise<Observations['secrets']> {
  const now = clock.now();
  const due = records.filter((record) => isDue(record, secrets[record.id], now));
  const seen = await inBatches(
    due.slice(0, mostSecrets),
    recordsAtOnce,
    async ({ desired, id }) => {
      try {
        const versionId = desired ?? '';
        const state = await keys.stateOf(id, versionId);
        return [id, { versionId, at: now.toISOString(), state }] as const;
      } catch (error) {
        failures.push(error);
        return null;
      }
    },
  );
  return Object.fromEntries(seen.filter((each) => each !== null));
}

function isDue(record: CertificateRecord, seen: SecretSeen | undefined, now: Date): boolean {
  const version = desiredVersion(record);
  if (!version) return false;
  if (!seen || seen.versionId !== version.id || new Date(seen.at) > now) return true;
  const everyMs = seen.state === 'there' ? secretEveryMs : badEveryMs;
  return addMs(new Date(seen.at), everyMs) <= now;
}

async function topicsSeen(
  { clock, topicNames, topics }: LookPorts,
  { topics: known }: Observations,
  failures: unknown[],
): Promise<Observations['topics']> {
  const now = clock.now();
  const found: Record<string, TopicSeen> = {};
  for (const name of topicNames) {
    const seen = known[name];
    // Until somebody has confirmed, each check looks: people wait for their first message.
    const isHeard = seen !== undefined && seen.confirmed > 0 && new Date(seen.at) <= now;
    if (isHeard && addMs(new Date(seen.at), topicEveryMs) > now) continue;
    try {
      found[name] = { ...(await topics.audienceOf(name)), at: now.toISOString() };
    } catch (error) {
      failures.push(error);
    }
  }
  return found;
}

function only<Seen>(
  all: Readonly<Record<string, Seen>>,
  names: ReadonlySet<string>,
): Readonly<Record<string, Seen>> {
  return Object.fromEntries(Object.entries(all).filter(([name]) => names.has(name)));
}
