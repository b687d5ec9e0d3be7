import type { ListCertificatesCommandInput } from '@aws-sdk/client-acm';
import { supportOnly } from '../../wire/supported.ts';
import { notImplemented } from '../not-implemented.ts';
import { type Page, pageOf } from '../pages.ts';
import { type AcmCertificate, originOf } from './certificate.ts';
import { hasDomain, invalid } from './material.ts';
import { statusOf } from './views.ts';

const members = [
  'CertificateStatuses',
  'CertificateKeyPairOrigins',
  'Includes',
  'NextToken',
  'MaxItems',
  'SortBy',
  'SortOrder',
] as const;
const maxItems = 1_000;

/** One page of ListCertificates, in the requested order. */
export function listedPage(
  certificates: readonly AcmCertificate[],
  input: ListCertificatesCommandInput,
  now: Date,
): Page<AcmCertificate> {
  checkInput(input);
  const found = certificates.filter((certificate) => isIncluded(certificate, input, now));
  if (input.SortOrder === 'DESCENDING') found.reverse();
  const asked = { token: input.NextToken, size: input.MaxItems ?? maxItems };
  const page = pageOf(found, asked, (certificate) => certificate.arn);
  if (!page) throw invalid('The NextToken is not valid.');
  return page;
}

function checkInput(input: ListCertificatesCommandInput): void {
  supportOnly('ListCertificates', input, members);
  if (input.Includes?.exportOption) throw notImplemented('ListCertificates', 'exportOption');
  if (input.Includes?.managedBy) throw notImplemented('ListCertificates', 'managedBy');
  if ((input.SortBy === undefined) !== (input.SortOrder === undefined)) {
    throw invalid('SortBy and SortOrder must be given together.');
  }
  const items = input.MaxItems ?? 1;
  if (items < 1 || items > maxItems) {
    throw invalid(`Value '${items}' at 'maxItems' must be between 1 and ${maxItems}`);
  }
}

function isIncluded(
  certificate: AcmCertificate,
  input: ListCertificatesCommandInput,
  now: Date,
): boolean {
  const material = certificate.material.latest();
  const { keyTypes, keyUsage, extendedKeyUsage } = input.Includes ?? {};
  const origins = input.CertificateKeyPairOrigins ?? ['AWS_MANAGED', 'CUSTOMER_PROVIDED'];
  const statuses = input.CertificateStatuses ?? [];
  const purposes = material.extendedKeyUsages.map((usage) => usage.name);
  return (
    origins.includes(originOf(certificate)) &&
    (statuses.length === 0 || statuses.includes(statusOf(material, now))) &&
    hasKeyType(certificate, keyTypes) &&
    (keyUsage ?? []).every((usage) => material.keyUsages.includes(usage)) &&
    (extendedKeyUsage ?? []).every((usage) => purposes.includes(usage))
  );
}

/** "Default filtering returns only RSA_1024 and RSA_2048 certificates that have at least one domain." */
function hasKeyType(certificate: AcmCertificate, asked: readonly string[] | undefined): boolean {
  const material = certificate.material.latest();
  if (asked?.length) return asked.includes(material.keyAlgorithm);
  return ['RSA_1024', 'RSA_2048'].includes(material.keyAlgorithm) && hasDomain(material);
}
