import { knownDirectory } from './acme/directories.ts';
import type { IssuerConfig } from './specs.ts';

/** Whether no client trusts what this issuer issues: a staging environment, or what is configured as one. */
export function isStaging({ staging, directory }: IssuerConfig): boolean {
  return staging ?? knownDirectory(directory)?.staging ?? false;
}
