import type { Config } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { IssuerConfig } from '#shared/issuers/specs.ts';
import { isStaging } from '#shared/issuers/staging.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
} from '#shared/ledger/record/record.ts';

/**
 * A certificate that no client trusts never replaces a trusted one, nor one of unknown origin.
 * @throws CertkeepError StagingRefused
 */
export function refuseStaging(
  { issuers }: Pick<Config, 'issuers'>,
  { issuer }: Pick<Attempt, 'issuer'>,
  record: CertificateRecord,
): void {
  const version = desiredVersion(record);
  if (!version || version.origin?.staging || !isStaging(issuers[issuer] as IssuerConfig)) return;
  throw new CertkeepError(
    'StagingRefused',
    `${issuer} is a staging issuer, and the certificate in service is from ${version.issuer}`,
  );
}
