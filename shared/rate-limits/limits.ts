import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { Limits } from '#shared/issuers/limits.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';

/** The CA's known limits, overridden by the configuration: CAs give customers limits of their own. */
export function limitsOf({ directory, limits }: IssuerConfig): Limits {
  return { ...knownDirectory(directory)?.limits, ...limits };
}
