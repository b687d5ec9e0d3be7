import { accountKeyName, accountsOf } from './account-name.ts';
import { knownDirectory } from './acme/directories.ts';
import { sameDirectory } from './same-directory.ts';
import type { IssuerConfig } from './specs.ts';
import { isStaging } from './staging.ts';

/**
 * The staging directory of a CA as an issuer, with an account of its own and without the limits of the CA itself; null where
 * there is none.
 */
export function rehearsalIssuer(issuer: IssuerConfig): IssuerConfig | null {
  const { externalAccountBinding: _, limits: __, rehearsal, ...shared } = issuer;
  const directory = rehearsal?.directory ?? knownDirectory(issuer.directory)?.rehearsal;
  if (directory === undefined || sameDirectory(directory, issuer.directory)) return null;
  const { externalAccountBinding } = rehearsal ?? {};
  const binding = externalAccountBinding && { externalAccountBinding };
  return { ...shared, directory, staging: true, ...binding };
}

/** Says why no renewal can be rehearsed for an issuer; null where one can. */
export function rehearsalObstacle(name: string, issuer: IssuerConfig | undefined): string | null {
  if (!issuer) return `the issuer ${name} is not in the configuration`;
  if (isStaging(issuer)) return `${name} is a staging directory itself`;
  const staging = rehearsalIssuer(issuer);
  if (!staging) return `${name} has no staging directory`;
  const known = knownDirectory(staging.directory);
  if (!known?.externalAccount || staging.externalAccountBinding) return null;
  return `${known.title} takes no account without an external account binding, and "rehearsal" of the issuer ${name} has none`;
}

/** The names of the keys of all accounts that certkeep may have: those that issue, and those of rehearsals. */
export function everyAccountOf(config: {
  readonly issuers: Readonly<Record<string, IssuerConfig>>;
}): readonly string[] {
  const { issuers } = config;
  const rehearsing = Object.entries(issuers).flatMap(([name, issuer]) => {
    const staging = rehearsalObstacle(name, issuer) === null ? rehearsalIssuer(issuer) : null;
    return staging ? [accountKeyName(staging)] : [];
  });
  const issuing = accountsOf({ issuers: Object.keys(issuers) }, config);
  return [...new Set([...issuing, ...rehearsing])];
}
