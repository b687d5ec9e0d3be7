import { CertkeepError } from '#shared/errors.ts';
import type { CertificateRecord, Version } from '#shared/ledger/record/record.ts';
import type { TargetView } from '#shared/targets/target.ts';

type Follows = {
  readonly view: Pick<TargetView, 'name' | 'keepsIssuer'>;
  readonly version: Version;
  /** The version of ours that it follows; null where somebody else's certificate is there. */
  readonly previousId: string | null;
  /** True if it is imported over what is there, which no service refuses before it has happened. */
  readonly isImportedOver: boolean;
};

/**
 * A domain name with mutual TLS locks itself where the issuer changes, so that nothing is even tried. Of somebody else's
 * certificate the issuer is not known: API Gateway refuses a change to another ARN by itself.
 * @throws CertkeepError IssuerWouldChange
 */
export function checkIssuer(
  { versions }: Pick<CertificateRecord, 'versions'>,
  { isImportedOver, previousId, version, view }: Follows,
): void {
  if (!view.keepsIssuer) return;
  const previous = versions.find(({ id }) => id === previousId);
  if (previous ? isOfOneIssuer(previous, version) : !isImportedOver) return;
  const before = previous ? `from ${previous.issuer}` : 'from an issuer that is not known';
  throw new CertkeepError(
    'IssuerWouldChange',
    `${view.name} has mutual TLS and a certificate ${before}; one from ${version.issuer} may not follow it`,
  );
}

/** The directory identifies a CA, whatever name the configuration gives it now. */
function isOfOneIssuer(one: Version, other: Version): boolean {
  if (one.origin && other.origin) return one.origin.directory === other.origin.directory;
  return one.issuer === other.issuer;
}
