import type { Recalls } from '#shared/acquire/advice/recalls.ts';
import { isComparedAt } from '#shared/acquire/store/as-certified.ts';
import type { Config } from '#shared/config/config.ts';
import { digestOfConfig } from '#shared/config/digest.ts';
import { digestOfRecord, type Listing } from '#shared/ledger/listing.ts';
import type { Status } from '#shared/status/status-schema.ts';
import { addMs, type Clock } from '#shared/time/clock.ts';
import type { Known, Observations } from '../observations/observations.ts';
import { isSecretDueAt } from '../observations/secrets.ts';
import { longestQuietMs, quietUntil, type Situation } from './quiet.ts';

type CertificateStatus = Status['certificates'][number];

type Ports = { readonly clock: Pick<Clock, 'now'>; readonly config: Config };

type Given = {
  /** Null where the records could not be listed: then it is not known which of them have changed. */
  readonly listing: Listing | null;
  readonly recalls: Recalls;
};

/** Returns the certificates whose records need not be read now, with what was last written of them. Pure. */
export function quietBefore(
  { clock, config }: Ports,
  {
    before,
    listing,
    recalls,
  }: Given & {
    /** The result of the check before; null for a request of a person, which is answered from the records. */
    readonly before: {
      readonly observations: Pick<Observations, 'known' | 'secrets'> | null;
      readonly status: { readonly status: Status | null } | null;
    } | null;
  },
): ReadonlyMap<string, CertificateStatus> {
  const status = before?.status?.status;
  if (!listing || !status || !before.observations) return new Map();
  const { known, secrets } = before.observations;
  if (known.config !== digestOf(config, recalls)) return new Map();
  const now = clock.now();
  const present = now.toISOString();
  const latest = addMs(now, longestQuietMs).toISOString();
  const isQuiet = ({ conditions = [], id, state }: CertificateStatus): boolean => {
    const [etags = '', until = ''] = (known.records[id] ?? '').split(' ');
    return (
      state === 'well' &&
      conditions.length === 0 &&
      present < until &&
      until <= latest &&
      etags === digestOfRecord(listing, id) &&
      !isSecretDueAt(secrets[id], now) &&
      !isComparedAt(id, now)
    );
  };
  const configured = new Set(config.certificates.map(({ id }) => id));
  const quiet = status.certificates.filter((each) => configured.has(each.id) && isQuiet(each));
  return new Map(quiet.map((each) => [each.id, each]));
}

/** Returns what is known after a check, by what it knew before and the secrets that it has looked at. Pure. */
export function afterReading(
  { clock, config }: Ports,
  {
    listing,
    quiet,
    read,
    recalls,
  }: Given & {
    /** The certificates whose records were not read. */
    readonly quiet: ReadonlyMap<string, unknown>;
    /** The records that were read, and that no certificate contradicts. */
    readonly read: readonly Pick<Situation, 'certificate' | 'record'>[];
  },
): (secrets: Observations['secrets'], before: Known) => Known {
  return (secrets, before) => {
    if (!listing) return before;
    const now = clock.now();
    const kept = Object.entries(before.records).filter(([id]) => quiet.has(id));
    const added = read.flatMap(({ certificate, record }) => {
      const { id } = record;
      const situation = { config, certificate, recalls, record, secret: secrets[id] ?? null };
      const etags = digestOfRecord(listing, id);
      const until = etags && quietUntil(situation, now);
      return until ? [[id, `${etags} ${until.toISOString()}`] as const] : [];
    });
    const records = Object.fromEntries([...kept, ...added]);
    return { config: digestOf(config, recalls), records };
  };
}

function digestOf(config: Config, recalls: Recalls): string {
  const recalled = Object.entries(recalls).map((each) => each.join(' '));
  return [digestOfConfig(config), ...recalled].join();
}
