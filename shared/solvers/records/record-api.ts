import { domainToASCII } from 'node:url';
import type { Clock } from '#shared/time/clock.ts';
import type { SecretReader } from '../credentials.ts';
import type { Pace } from '../pace.ts';

/** A zone of a DNS service whose API keeps single records. Names without dot at the end, lower case, A-labels. */
export type RecordZone = {
  readonly zoneId: string;
  readonly name: string;
  /** That the zone should be delegated to. */
  readonly nameServers: readonly string[];
};

/** What the client of such a service is given. */
export type RecordApiOptions = {
  /** Of the secret with the credentials. */
  readonly secret: string;
  readonly read: SecretReader;
  readonly clock: Clock;
  readonly pace: Pace;
  /** A host of the service; its central one unless given. */
  readonly endpoint?: string;
  /** Instead of https to the endpoint. */
  readonly baseUrl?: string;
};

/** A TXT record; `value` without quotes. */
export type TxtRecord = { readonly recordId: string; readonly value: string };

/**
 * Such a service as a solver uses it. All calls throw CertkeepError: DnsCredentialsUnreadable,
 * DnsCredentialsRefused, DnsRateLimited, DnsServiceUnreachable, ZoneNotFound, DnsChangeRefused.
 */
export type RecordApi = {
  /** So long a new record may be missing from `txtAt`. */
  readonly listLagMs: number;
  /** At least the zones named `suffix`, and below it, that the credentials reach. */
  zonesIn(suffix: string): Promise<readonly RecordZone[]>;
  /** The TXT records at exactly this name. */
  txtAt(zoneId: string, name: string): Promise<readonly TxtRecord[]>;
  /** The id of the record; null where one like it is there already. */
  create(
    zoneId: string,
    record: { readonly name: string; readonly value: string },
  ): Promise<string | null>;
  /** One that is gone already is success. */
  remove(zoneId: string, recordId: string): Promise<void>;
};

export function normalName(name: string): string {
  const bare = name.replace(/\.$/, '').toLowerCase();
  return /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
}

/**
 * The name of a record within its zone, `@` for the zone itself, for services that know a zone by the name that it
 * was added under, which may be in another script.
 */
export function nameInZone(name: string, zoneId: string): string {
  const zone = domainToASCII(zoneId);
  return name === zone ? '@' : name.slice(0, -(zone.length + 1));
}

/**
 * What to look for among zones: nothing where `suffix` may be written in another script there. Cloudflare finds no
 * zones by A-labels (cloudflare/cloudflare-go#347), and the others do not say that they do.
 */
export function keywordFor(suffix: string): string | null {
  return suffix.split('.').some((label) => label.startsWith('xn--')) ? null : suffix;
}

/** Services give TXT values back quoted, unquoted, or as they were written. */
export function unquoted(value: string): string {
  return /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value;
}
