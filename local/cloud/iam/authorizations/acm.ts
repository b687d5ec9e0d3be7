import type { ImportCertificateCommandInput } from '@aws-sdk/client-acm';
import { arnOf } from '../../wire/arn.ts';
import type { Reference } from './reference.ts';
import { requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html */
export const acmReference: Reference = {
  service: 'acm',
  resource: (input: { readonly CertificateArn?: string }) => input.CertificateArn,
  // This ACM has imported certificates only.
  values: () => ({ 'acm:CertificateKeyPairOrigin': 'CUSTOMER_PROVIDED' }),
};

export const acmTable: Table = {
  ImportCertificate(input: ImportCertificateCommandInput, asker, { tagsOf }) {
    const resource = input.CertificateArn ?? arnOf('acm', asker, 'certificate/*');
    const context = { ...requestTags(input.Tags), ...resourceTags(tagsOf(resource)) };
    return [
      { action: 'acm:ImportCertificate', resource, context },
      // "If you apply tags while importing, you need acm:AddTagsToCertificate too" (tags.html).
      ...(input.Tags?.length ? [{ action: 'acm:AddTagsToCertificate', resource, context }] : []),
    ];
  },
};
