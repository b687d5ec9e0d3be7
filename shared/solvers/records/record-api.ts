import { domainToASCII } from 'node:url';
import type { Clock } from '#shared/time/clock.ts';
import type { SecretReader } from '../credentials.ts';
import type { Pace } from '../pace.ts';

/** A zone of a DNS service whose API keeps single records. Names have no dot at the end, are in lower case and use A-labels. */
export type RecordZone = {
  readonly zoneId: string;
  readonly name: string;
  /** The registrar should delegate the zone to these. */
  readonly nameServers: readonly string[];
};

/** The options of such a service's client. */
export type RecordApiOptions = {
  /** The name of the secret that holds the credentials. */
  readonly secret: string;
  readonly read: SecretReader;
  readonly clock: Clock;
  readonly pace: Pace;
  /** A host of the service; the central one by default. */
  readonly endpoint?: string;
  /** Replaces https to the endpoint, in tests. */
  readonly baseUrl?: string;
};

/** A TXT record. `value` has no quotes. */
export type TxtRecord = { readonly recordId: string; readonly value: string };

/**
 * Such a service, as the solver uses it. All calls throw CertkeepError: DnsCredentialsUnreadable, DnsCredentialsRefused,
 * DnsRateLimited, DnsServiceUnreachable, ZoneNotFound, DnsChangeRefused.
 */
export type RecordApi = {
  /** `txtAt` may miss a new record for this long. */
  readonly listLagMs: number;
  /** Returns at least the zones named `suffix` and those below it that the credentials can reach. */
  zonesIn(suffix: string): Promise<readonly RecordZone[]>;
  /** The TXT records at exactly this name. */
  txtAt(zoneId: string, name: string): Promise<readonly TxtRecord[]>;
  /** Returns the record's id; null where an identical record exists. */
  create(
    zoneId: string,
    record: { readonly name: string; readonly value: string },
  ): Promise<string | null>;
  /** Succeeds for a record that is gone already. */
  remove(zoneId: string, recordId: string): Promise<void>;
};

export function normalName(name: string): string {
  const bare = name.replace(/\.$/, '').toLowerCase();
  return /^[\x21-\x7e]*$/.test(bare) ? bare : domainToASCII(bare);
}

/**
 * The name of a record within its zone, `@` for the zone itself. Some services know a zone only by the name under which it
 * was added, which may be in another script.
 */
export function nameInZone(name: string, zoneId: string): string {
  const zone = domainToASCII(zoneId);
  return name === zone ? '@' : name.slice(0, -(zone.length + 1));
}

/**
 * The keyword for a search among zones; null where the service may hold `suffix` in another script. Cloudflare does not
 * find zones by A-labels (cloudflare/cloudflare-go#347), and the others do not say whether they do.
 */
export function keywordFor(suffix: string): string | null {
  return suffix.split('.').some((label) => label.startsWith('xn--')) ? null : suffix;
}

/** Services return TXT values quoted, unquoted, or as somebody wrote them. */
export function unquoted(value: string): string {
  return /^"[^"]*"$/.test(value) ? value.slice(1, -1) : value;
}
