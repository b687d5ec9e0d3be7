import { isIPv4 } from 'node:net';
import type { IssuerConfig } from '#shared/issuers/specs.ts';

/** Says whether the local CA plays this one: a kept local cloud asks nobody on the internet. */
export function hasStandIn({ directory }: Pick<IssuerConfig, 'directory'>, isLocal: boolean) {
  const host = URL.parse(directory)?.hostname ?? '';
  const isHere = host === 'localhost' || (isIPv4(host) && host.startsWith('127.'));
  return isLocal && !isHere;
}
