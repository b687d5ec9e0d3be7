import type { ServerCertificateMetadata } from '@aws-sdk/client-iam';
import type { ServerCertificate } from './state.ts';

export function metadataOf({
  id,
  name,
  path,
  served,
}: ServerCertificate): ServerCertificateMetadata {
  return {
    Path: path,
    ServerCertificateName: name,
    ServerCertificateId: id,
    Arn: served.arn,
    UploadDate: served.createdAt,
    Expiration: served.material.latest().leaf.validToDate,
  };
}
