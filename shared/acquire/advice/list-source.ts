import { isIP } from 'node:net';
import type { Config } from '#shared/config/config.ts';
import type { ListSource } from '#shared/crl/fetch.ts';
import { usualListMiB } from '#shared/crl/list-size.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { issuerAt } from '#shared/issuers/same-directory.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import type { Version } from '#shared/ledger/record/record.ts';

/**
 * Decides how far the list of a version's CA is trusted, by the present configuration of that CA. The record only says
 * which CA it is: for a CA that is not configured, only public addresses are asked.
 */
export function listSourceOf(
  { issuer, origin }: Pick<Version, 'issuer' | 'origin'>,
  { issuers }: Pick<Config, 'issuers'>,
): ListSource {
  const directory = origin?.directory ?? issuers[issuer]?.directory ?? '';
  const configured = issuers[issuerAt(directory, issuers, issuer) ?? ''];
  if (!configured) return { trustedHost: '', isPrivateCa: false, mostBytes: usualListMiB << 20 };
  return {
    trustedHost: hostOf(configured),
    isPrivateCa: isPrivateCa(configured),
    mostBytes: (configured.revocationListMiB ?? usualListMiB) << 20,
  };
}

/** Judged by the form of its directory, its own roots, or its internal name. */
function isPrivateCa(configured: IssuerConfig): boolean {
  if (knownDirectory(configured.directory)?.private || configured.caBundle !== undefined)
    return true;
  const host = hostOf(configured);
  return isIP(host) !== 0 || /^[^.]+$|\.(?:internal|local|localhost|home\.arpa)$/.test(host);
}

/** Returns an IPv6 address without its brackets. */
function hostOf({ directory }: IssuerConfig): string {
  return (URL.parse(directory)?.hostname ?? '').replace(/^\[|\]$/g, '');
}
