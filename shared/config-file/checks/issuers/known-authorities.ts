import {
  type KnownDirectory,
  knownDirectory,
  namedDirectories,
} from '#shared/issuers/acme/directories.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { normalizeName } from '../../names.ts';

type Named = KnownDirectory & { readonly url: string };
const named: readonly (readonly [name: string, known: Named])[] =
  Object.entries<Named>(namedDirectories);

/** The CA that has this host, by the name that `directory:` takes; null for a host that is not known. */
export function authorityAt(url: string): { readonly name: string; readonly known: Named } | null {
  const host = URL.parse(url)?.host;
  const [name, known] = named.find(([, each]) => new URL(each.url).host === host) ?? [];
  return name && known ? { name, known } : null;
}

/** Whether it keeps the rules of the CA/Browser Forum, as far as is known. */
export function isPublicAuthority(issuer: IssuerConfig | undefined): boolean {
  if (!issuer) return false;
  // ACM's own endpoints issue public certificates.
  return (
    authorityAt(issuer.directory) !== null || knownDirectory(issuer.directory)?.preApproved === true
  );
}

/** By the form of its directory, by roots of its own, or since its own name is internal. */
export function seemsPrivate(issuer: IssuerConfig | undefined): boolean {
  if (!issuer) return true;
  const host = URL.parse(issuer.directory)?.hostname ?? '';
  const isPrivateForm = knownDirectory(issuer.directory) !== null && !isPublicAuthority(issuer);
  return isPrivateForm || issuer.caBundle !== undefined || !normalizeName(host).ok;
}

/** https://letsencrypt.org/docs/profiles/; others by what they say of themselves. */
const profileLives: Readonly<Record<string, number>> = {
  tlsserver: 45 * dayMs,
  shortlived: 160 * hourMs,
};
const usualLifeMs = 90 * dayMs;

/** How long a certificate of a known CA lives, in milliseconds; null where nobody knows beforehand. */
export function lifeOf({ directory, profile }: IssuerConfig): number | null {
  const known = authorityAt(directory);
  if (!known) return null;
  if (!known.name.startsWith('letsencrypt')) return profile === undefined ? usualLifeMs : null;
  return profile === undefined || profile === 'classic'
    ? usualLifeMs
    : (profileLives[profile] ?? null);
}
