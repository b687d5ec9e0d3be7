import type { IssuerConfig } from '#shared/config/config.ts';
import { knownDirectory } from './acme/directories.ts';

/** Whether no client trusts what this issuer issues: a staging environment, or what is configured as one. */
export function isStaging({ staging, directory }: IssuerConfig): boolean {
  return staging ?? knownDirectory(directory)?.staging ?? false;
}
