import { isIP } from 'node:net';
import type { Config, IssuerConfig } from '#shared/config/config.ts';
import type { Version } from '#shared/ledger/record.ts';
import { knownDirectory } from '../issuers/acme/directories.ts';
import { issuerAt } from '../issuers/same-directory.ts';
import type { ListSource } from './fetch.ts';

/** Let's Encrypt's parts are well under one; the whole lists of some others are larger, and a setting of their issuer says so. */
export const usualListMiB = 2;
export const mostListMiB = 10;

/** How far the list of a version's CA is trusted, by what the configuration says of that CA now. */
export function listSourceOf(
  { issuer, origin }: Pick<Version, 'issuer' | 'origin'>,
  { issuers }: Pick<Config, 'issuers'>,
): ListSource {
  const directory = origin?.directory ?? issuers[issuer]?.directory ?? '';
  const name = issuerAt(directory, issuers, issuer);
  const configured = name === null ? undefined : issuers[name];
  return {
    trustedHost: URL.parse(directory)?.hostname ?? '',
    isPrivateCa: isPrivateCa(directory, configured),
    mostBytes: (configured?.revocationListMiB ?? usualListMiB) << 20,
  };
}

/** By the form of its directory, by roots of its own, or since its own name is internal. */
function isPrivateCa(directory: string, configured: IssuerConfig | undefined): boolean {
  if (knownDirectory(directory)?.private || configured?.caBundle !== undefined) return true;
  const host = (URL.parse(directory)?.hostname ?? '').replace(/^\[|\]$/g, '');
  return isIP(host) !== 0 || /^[^.]+$|\.(?:internal|local|localhost|home\.arpa)$/.test(host);
}
