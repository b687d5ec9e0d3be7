import { createHash } from 'node:crypto';
import { normalDirectory } from './same-directory.ts';
import type { IssuerConfig } from './specs.ts';

/** A changed directory or binding is another account and gets another key; a changed name of the issuer is none. */
export function accountKeyName({
  directory,
  externalAccountBinding,
}: Pick<IssuerConfig, 'directory' | 'externalAccountBinding'>): string {
  const url = normalDirectory(directory);
  const secret = externalAccountBinding?.secret;
  const identity = secret === undefined ? url : `${url} ${secret}`;
  return `${URL.parse(url)?.hostname ?? 'ca'}-${digestOf(identity)}`;
}

/** What the key was kept under before: a binding may serve once, so that the account made with it is not given up. */
export function formerAccountKeyName(
  issuer: string,
  { directory }: Pick<IssuerConfig, 'directory'>,
): string {
  return `${issuer}-${digestOf(directory)}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 12);
}

/** Of the accounts that a certificate is issued with, or may be. */
export function accountsOf(
  { issuers }: { readonly issuers: readonly string[] },
  config: { readonly issuers: Readonly<Record<string, IssuerConfig>> },
): readonly string[] {
  const configured = issuers.flatMap((name) => config.issuers[name] ?? []);
  return [...new Set(configured.map(accountKeyName))];
}
