import { knownDirectory } from './acme/directories.ts';
import type { IssuerConfig } from './specs.ts';

/** Says whether no client trusts its certificates: a staging environment, or an issuer configured as one. */
export function isStaging({ staging, directory }: IssuerConfig): boolean {
  return staging ?? knownDirectory(directory)?.staging ?? false;
}
