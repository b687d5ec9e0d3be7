import { managedTag, serverCertificatePath } from '#shared/installation.ts';
import type { Place } from '#shared/place.ts';
import { partitionOf } from '#shared/region.ts';
import { certificateTag, type ImportRequest, type WantedCertificate } from '../acm.ts';

/*
 * IAM is the same in every region, and names are unique in the account whatever their path: each region has certificates of
 * its own, so that one never deletes what another uses.
 */

const fingerprintDigits = 32;

/**
 * The same certificate has the same name in every run, so that an upload whose answer was lost is found. At most 119 of the
 * 128 characters that `serverCertificateNameType` allows: an id has 63, a region 20.
 */
export function nameOf(
  { certificate, fingerprintSha256 }: Pick<WantedCertificate, 'certificate' | 'fingerprintSha256'>,
  region: string,
): string {
  return `${certificate}.${region}.${fingerprintSha256.slice(0, fingerprintDigits)}`;
}

/** The ids that the tags of an upload name. */
export function ownerOf({ tags }: Pick<ImportRequest, 'tags'>) {
  return { certificate: tags[certificateTag] ?? '', installation: tags[managedTag] ?? '' };
}

/** The name in an ARN below our path; null for every other ARN. */
export function nameIn(
  arn: string,
  installation: string,
  { account, region }: Place,
): string | null {
  const prefix = `arn:${partitionOf(region)}:iam::${account}:server-certificate${serverCertificatePath(installation, region)}`;
  const name = arn.startsWith(prefix) ? arn.slice(prefix.length) : '';
  return /^[\w+=,.@-]{1,128}$/.test(name) ? name : null;
}
