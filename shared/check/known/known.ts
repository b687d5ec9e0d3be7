import { createHash } from 'node:crypto';
import type { Recalls } from '#shared/acquire/advice/recalls.ts';
import { isComparedAt } from '#shared/acquire/store/as-certified.ts';
import type { Config } from '#shared/config/config.ts';
import type { Listing } from '#shared/ledger/listing.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { addMs } from '#shared/time/clock.ts';
import type { Known, Observations } from '../observations/observations.ts';
import { isSecretDueAt } from '../observations/secrets.ts';
import { longestQuietMs, quietUntil, type Situation } from './quiet.ts';

export type CertificateStatus = Status['certificates'][number];

type Before = {
  readonly recalls: Recalls;
  readonly observations: Pick<Observations, 'known' | 'secrets'>;
  readonly status: Status | null;
};

/** Returns the certificates whose records need not be read now, with what was last written of them. Pure. */
export function quietIn(
  config: Config,
  listing: Listing,
  { observations: { known, secrets }, recalls, status }: Before,
  now: Date,
): ReadonlyMap<string, CertificateStatus> {
  if (!status || known.config !== digestOf(config, recalls)) return new Map();
  const latest = addMs(now, longestQuietMs).toISOString();
  const present = now.toISOString();
  const isQuiet = ({ conditions = [], id, state }: CertificateStatus): boolean => {
    const [etags = '', until = ''] = (known.records[id] ?? '').split(' ');
    return (
      state === 'well' &&
      conditions.length === 0 &&
      present < until &&
      until <= latest &&
      etags === etagsOf(listing, id) &&
      !isSecretDueAt(secrets[id], now) &&
      !isComparedAt(id, now)
    );
  };
  const configured = new Set(config.certificates.map(({ id }) => id));
  const quiet = status.certificates.filter((each) => configured.has(each.id) && isQuiet(each));
  return new Map(quiet.map((each) => [each.id, each]));
}

/** Returns what is known after a check that has read these records. Pure. */
export function learned(
  before: Known,
  {
    config,
    listing,
    quiet,
    read,
    recalls,
    now,
  }: {
    readonly config: Config;
    readonly recalls: Recalls;
    readonly listing: Listing;
    /** The certificates whose records were not read. */
    readonly quiet: ReadonlySet<string>;
    readonly read: readonly Situation[];
    readonly now: Date;
  },
): Known {
  const kept = Object.entries(before.records).filter(([id]) => quiet.has(id));
  const added = read.flatMap((situation) => {
    const { id } = situation.record;
    const etags = etagsOf(listing, id);
    const until = etags && quietUntil(situation, now);
    return until ? [[id, `${etags} ${until.toISOString()}`] as const] : [];
  });
  return { config: digestOf(config, recalls), records: Object.fromEntries([...kept, ...added]) };
}

/** Empty where nobody has written anything. */
function etagsOf(listing: Listing, id: string): string {
  const etags = [...(listing.get(id) ?? [])].map((each) => each.join(' ')).sort();
  if (etags.length === 0) return '';
  return createHash('sha256').update(etags.join()).digest('base64url').slice(0, 22);
}

const digests = new WeakMap<Config, string>();

/** Of ten thousand certificates it takes some milliseconds, and a container has one configuration. */
function digestOf(config: Config, recalls: Recalls): string {
  const digest =
    digests.get(config) ?? createHash('sha256').update(JSON.stringify(config)).digest('base64url');
  digests.set(config, digest);
  return [digest, ...Object.entries(recalls).map((each) => each.join(' '))].join();
}
