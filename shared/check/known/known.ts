import type { Recalls } from '#shared/acquire/advice/recalls.ts';
import { isComparedAt } from '#shared/acquire/store/as-certified.ts';
import type { Config } from '#shared/config/config.ts';
import { digestOfConfig } from '#shared/config/digest.ts';
import { digestOfRecord, type Listing } from '#shared/ledger/listing.ts';
import { workKey } from '#shared/queues/work.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import type { Known, Observations } from '../observations/observations.ts';
import { isSecretDueAt } from '../observations/secrets.ts';
import { longestQuietMs, quietUntil, type Situation, turnOf, waitingUntil } from './quiet.ts';

type CertificateStatus = Status['certificates'][number];

type Ports = { readonly clock: Pick<Clock, 'now'>; readonly config: Config };

type Given = {
  /** Null where the records could not be listed: then it is not known which of them have changed. */
  readonly listing: Listing | null;
  readonly recalls: Recalls;
};

/** The certificates whose records need not be read: what was last written of each. */
export type Unchanged = {
  /** Nothing is due. */
  readonly quiet: ReadonlyMap<string, CertificateStatus>;
  /** A new certificate is due, and waits for its turn, which does not come yet. */
  readonly waiting: ReadonlyMap<string, CertificateStatus>;
};

const nothing: Unchanged = { quiet: new Map(), waiting: new Map() };

/** Returns what need not be read now. Of those that wait, the first get their turn, and are read. Pure. */
export function unchangedBefore(
  { clock, config }: Ports,
  {
    before,
    listing,
    recalls,
    turns,
  }: Given & {
    /** The number of new certificates that may be sent for at most. */
    readonly turns: number;
    /** The result of the check before; null for a request of a person, which is answered from the records. */
    readonly before: {
      readonly observations: Pick<Observations, 'known' | 'secrets'> | null;
      readonly status: { readonly status: Status | null } | null;
    } | null;
  },
): Unchanged {
  const status = before?.status?.status;
  if (!listing || !status || !before.observations) return nothing;
  const { known, secrets } = before.observations;
  if (known.config !== digestOf(config, recalls)) return nothing;
  const now = clock.now();
  const present = now.toISOString();
  const latest = addMs(now, longestQuietMs).toISOString();
  const isUnchanged = (
    { conditions = [], id, state }: CertificateStatus,
    { etags, until }: Entry,
  ): boolean =>
    state === 'well' &&
    conditions.length === 0 &&
    present < until &&
    until <= latest &&
    etags === digestOfRecord(listing, id) &&
    !isSecretDueAt(secrets[id], now) &&
    !isComparedAt(id, now);
  const configured = new Set(config.certificates.map(({ id }) => id));
  const unchanged = status.certificates.flatMap((line) => {
    const entry = entryOf(known.records[line.id] ?? '');
    return configured.has(line.id) && isUnchanged(line, entry) ? [{ line, entry }] : [];
  });
  const quiet = unchanged.filter(({ entry }) => entry.turn === '');
  const waiting = unchanged
    .filter(({ entry }) => entry.turn !== '')
    .sort((one, other) => (one.entry.turn < other.entry.turn ? -1 : 1))
    .slice(turns);
  const byId = (found: typeof unchanged) => new Map(found.map(({ line }) => [line.id, line]));
  return { quiet: byId(quiet), waiting: byId(waiting) };
}

/** An entry of `Known.records`. */
type Entry = {
  readonly etags: string;
  readonly until: string;
  /** Sorts those that wait for their turn; empty for one that is quiet. */
  readonly turn: string;
};

function entryOf(text: string): Entry {
  const [etags = '', until = '', turn = ''] = text.split(' ');
  return { etags, until, turn };
}

/** Returns what is known after a check, by what it knew before and the secrets that it has looked at. Pure. */
export function afterReading(
  { clock, config }: Ports,
  {
    listing,
    later,
    read,
    recalls,
    unread,
  }: Given & {
    /** The certificates whose records were not read, since nothing has changed. */
    readonly unread: ReadonlyMap<string, unknown>;
    /** The records that were read, and that no certificate contradicts. */
    readonly read: readonly Pick<Situation, 'certificate' | 'record'>[];
    /** The keys of the work that waits for its turn. */
    readonly later: ReadonlySet<string>;
  },
): (secrets: Observations['secrets'], before: Known) => Known {
  return (secrets, before) => {
    if (!listing) return before;
    const now = clock.now();
    const kept = Object.entries(before.records).filter(([id]) => unread.has(id));
    const added = read.flatMap(({ certificate, record }) => {
      const { id } = record;
      const situation = { config, certificate, recalls, record, secret: secrets[id] ?? null };
      const etags = digestOfRecord(listing, id);
      if (!etags) return [];
      const isLater = later.has(workKey({ kind: 'issue', certificate: id }));
      const until = isLater ? waitingUntil(situation, now) : quietUntil(situation, now);
      const turn = isLater ? ` ${turnOf(situation, now)}` : '';
      return until ? [[id, `${etags} ${until.toISOString()}${turn}`] as const] : [];
    });
    const records = Object.fromEntries([...kept, ...added]);
    return { config: digestOf(config, recalls), records };
  };
}

function digestOf(config: Config, recalls: Recalls): string {
  const recalled = Object.entries(recalls).map((each) => each.join(' '));
  return [digestOfConfig(config), ...recalled].join();
}
