import {
  type KnownDirectory,
  knownDirectory,
  namedDirectories,
} from '#shared/issuers/acme/directories.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { normalizeName, registeredDomain } from '../../names.ts';

type Named = KnownDirectory & { readonly url: string };
const named: readonly (readonly [name: string, known: Named])[] =
  Object.entries<Named>(namedDirectories);

/** The CA with this host, under its name in `directory:`; null for an unknown host. */
export function authorityAt(url: string): { readonly name: string; readonly known: Named } | null {
  const host = URL.parse(url)?.host;
  const [name, known] = named.find(([, each]) => new URL(each.url).host === host) ?? [];
  return name && known ? { name, known } : null;
}

/** The CA with another host of the same domain, such as one that it had earlier; null for an unknown domain. */
export function authorityNear(
  url: string,
): { readonly name: string; readonly known: Named } | null {
  const host = URL.parse(url)?.hostname;
  if (!host) return null;
  const isStaging = /staging|test/.test(host);
  const near = named.filter(
    ([, each]) => registeredDomain(new URL(each.url).hostname) === registeredDomain(host),
  );
  const [name, known] =
    near.find(([, each]) => /staging|test/.test(each.url) === isStaging) ?? near[0] ?? [];
  return name && known ? { name, known } : null;
}

/** Says whether the CA is known to follow the rules of the CA/Browser Forum. */
export function isPublicAuthority(issuer: IssuerConfig | undefined): boolean {
  if (!issuer) return false;
  // ACM's own endpoints issue public certificates.
  return (
    authorityAt(issuer.directory) !== null || knownDirectory(issuer.directory)?.preApproved === true
  );
}

/** Judges by the form of the directory, by the CA's own roots, or by an internal host name. */
export function seemsPrivate(issuer: IssuerConfig | undefined): boolean {
  if (!issuer) return true;
  const host = URL.parse(issuer.directory)?.hostname ?? '';
  const isPrivateForm = knownDirectory(issuer.directory) !== null && !isPublicAuthority(issuer);
  return isPrivateForm || issuer.caBundle !== undefined || !normalizeName(host).ok;
}

/** https://letsencrypt.org/docs/profiles/; other CAs by what they document. */
const profileLives: Readonly<Record<string, number>> = {
  tlsserver: 45 * dayMs,
  shortlived: 160 * hourMs,
};
const usualLifeMs = 90 * dayMs;

/** The lifetime of a certificate of a known CA in milliseconds; null where nobody knows it beforehand. */
export function lifeOf({ directory, profile }: IssuerConfig): number | null {
  const known = authorityAt(directory);
  if (!known) return null;
  if (!known.name.startsWith('letsencrypt')) return profile === undefined ? usualLifeMs : null;
  return profile === undefined || profile === 'classic'
    ? usualLifeMs
    : (profileLives[profile] ?? null);
}
