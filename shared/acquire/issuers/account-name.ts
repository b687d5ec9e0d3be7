import { createHash } from 'node:crypto';
import type { CertificateConfig, Config } from '#shared/config/config.ts';

/** A changed directory is another CA and gets another key. */
export function accountKeyName(issuer: string, directoryUrl: string): string {
  return `${issuer}-${createHash('sha256').update(directoryUrl).digest('hex').slice(0, 12)}`;
}

/** Of the accounts that a certificate is issued with, or may be. */
export function accountsOf(
  { issuers }: Pick<CertificateConfig, 'issuers'>,
  config: Pick<Config, 'issuers'>,
): readonly string[] {
  return issuers.flatMap((name) => {
    const configured = config.issuers[name];
    return configured ? [accountKeyName(name, configured.directory)] : [];
  });
}
