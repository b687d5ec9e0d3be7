import { inBatches } from '#shared/each.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import { pauseWithin } from '#shared/time/waiting.ts';
import { type DnsAnswer, type DnsClient, remembering } from './dns-client.ts';
import { publicZoneOf } from './public-zone.ts';

export type Value = { readonly name: string; readonly value: string };

/** The answer about one name from one address of a name server. */
export type Sight = {
  readonly server: string;
  readonly name: string;
  readonly answer: DnsAnswer<string>;
};

export type Propagation =
  /** Every server that answers has every value. */
  | { readonly kind: 'there' }
  /** These servers answer without a value: `ns1.example.com (192.0.2.1)`. */
  | { readonly kind: 'missing'; readonly servers: readonly string[] }
  /** No server answers, so nothing is known. */
  | { readonly kind: 'silent' };

/** Judges the latest answers. A silent server is no reason to wait, unless all are silent. */
export function judgePropagation(values: readonly Value[], sights: readonly Sight[]): Propagation {
  const answered = sights.filter(({ answer }) => answer.answered);
  const missing = answered.filter((sight) => !isComplete(sight, values));
  if (missing.length > 0) {
    return { kind: 'missing', servers: [...new Set(missing.map(({ server }) => server))] };
  }
  const seen = new Set(answered.map(({ name }) => name));
  return values.every(({ name }) => seen.has(name)) ? { kind: 'there' } : { kind: 'silent' };
}

function isComplete({ name, answer }: Sight, values: readonly Value[]): boolean {
  return values.every((each) => each.name !== name || has(answer, each.value));
}

function has(answer: DnsAnswer<string>, value: string): boolean {
  return answer.answered && answer.records.includes(value);
}

export type Waiting = {
  readonly dns: DnsClient;
  readonly clock: Clock;
  readonly everyMs: number;
  readonly deadline: Date;
};

/**
 * Asks the name servers of the values' zones, each at each address, until all that answer have the values. Returns false
 * when none answers, since port 53 may be closed: then there is nothing to wait for.
 * @throws CertkeepError DnsChangeTimedOut when the next look would come after the deadline
 */
export async function waitUntilServed(
  values: readonly Value[],
  { dns, clock, everyMs, deadline }: Waiting,
): Promise<boolean> {
  const names = [...new Set(values.map(({ name }) => name))];
  const once = remembering(dns);
  const asked = (await inBatches(names, namesAtOnce, (name) => serversFor(name, once))).flat();
  const sights = new Map<Asked, Sight>();
  // Asking silent servers takes the time of all their tries, so two looks are enough.
  for (let silent = 0; asked.length > 0 && silent < 2; ) {
    await lookAgain(values, asked, sights, dns);
    const seen = judgePropagation(values, [...sights.values()]);
    if (seen.kind === 'there') return true;
    if (seen.kind === 'silent') silent += 1;
    if (await pauseWithin(clock, everyMs, deadline)) continue;
    if (seen.kind === 'silent') return false;
    const servers = seen.servers.slice(0, shownServers).join(', ');
    throw new CertkeepError('DnsChangeTimedOut', `still without the value: ${servers}`);
  }
  return false;
}

const shownServers = 8;
const namesAtOnce = 10;
const questionsAtOnce = 64;

type Asked = { readonly name: string; readonly server: string; readonly address: string };

async function serversFor(name: string, dns: DnsClient): Promise<readonly Asked[]> {
  const zone = await publicZoneOf(name, dns);
  if (zone.kind !== 'zone') return [];
  const found = await Promise.all(
    zone.nameServers.map(async (server) => {
      const answer = await dns.addresses(server);
      const addresses = answer.answered ? answer.records : [];
      return addresses.map((address) => ({ name, server: `${server} (${address})`, address }));
    }),
  );
  return [...new Map(found.flat().map((each) => [each.address, each])).values()];
}

/** Does not ask servers again that have everything, and does not wait for the silent ones when there are many. */
async function lookAgain(
  values: readonly Value[],
  asked: readonly Asked[],
  sights: Map<Asked, Sight>,
  dns: DnsClient,
): Promise<void> {
  const open = asked.filter((each) => {
    const sight = sights.get(each);
    return !sight?.answer.answered || !isComplete(sight, values);
  });
  for (let start = 0; start < open.length; start += questionsAtOnce) {
    const batch = open.slice(start, start + questionsAtOnce);
    const answers = await Promise.all(batch.map(({ name, address }) => dns.txtAt(address, name)));
    for (const [index, each] of batch.entries()) {
      const answer = answers[index];
      if (answer) sights.set(each, { server: each.server, name: each.name, answer });
    }
    if (!answers.some(({ answered }) => answered)) return;
  }
}
