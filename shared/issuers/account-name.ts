import { createHash } from 'node:crypto';
import { normalDirectory } from './same-directory.ts';
import type { IssuerConfig } from './specs.ts';

/** A changed directory or binding means another account with another key; a changed name of the issuer does not. */
export function accountKeyName({
  directory,
  externalAccountBinding,
}: Pick<IssuerConfig, 'directory' | 'externalAccountBinding'>): string {
  const url = normalDirectory(directory);
  const secret = externalAccountBinding?.secret;
  const identity = secret === undefined ? url : `${url} ${secret}`;
  return `${URL.parse(url)?.hostname ?? 'ca'}-${digestOf(identity)}`;
}

/** The earlier name of the key. A binding may serve only once, so the account that it created must be kept. */
export function formerAccountKeyName(
  issuer: string,
  { directory }: Pick<IssuerConfig, 'directory'>,
): string {
  return `${issuer}-${digestOf(directory)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** The accounts with which a certificate is issued, or may be. */
export function accountsOf(
  { issuers }: { readonly issuers: readonly string[] },
  config: { readonly issuers: Readonly<Record<string, IssuerConfig>> },
): readonly string[] {
  const configured = issuers.flatMap((name) => config.issuers[name] ?? []);
  return [...new Set(configured.map(accountKeyName))];
}
