import type {
  AddTagsToCertificateCommandInput,
  ImportCertificateCommandInput,
  RemoveTagsFromCertificateCommandInput,
} from '@aws-sdk/client-acm';
import { arnOf } from '../../wire/arn.ts';
import { onAll, type Row, requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awscertificatemanager.html */
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
  ListCertificates: onAll('acm:ListCertificates'),
  DescribeCertificate: onCertificate('acm:DescribeCertificate'),
  GetCertificate: onCertificate('acm:GetCertificate'),
  ListTagsForCertificate: onCertificate('acm:ListTagsForCertificate'),
  DeleteCertificate: onCertificate('acm:DeleteCertificate'),
  AddTagsToCertificate: onCertificate('acm:AddTagsToCertificate'),
  RemoveTagsFromCertificate: onCertificate('acm:RemoveTagsFromCertificate'),
};

type AnyInput =
  | { readonly CertificateArn: string | undefined; readonly Tags?: undefined }
  | AddTagsToCertificateCommandInput
  | RemoveTagsFromCertificateCommandInput;

const changing = /:(Delete|AddTags)/;

function onCertificate(action: string): Row {
  return ({ CertificateArn: resource = '', Tags }: AnyInput, _, { tagsOf }) => [
    {
      action,
      resource,
      context: {
        ...requestTags(Tags),
        ...resourceTags(tagsOf(resource)),
        // This ACM has imported certificates only.
        ...(changing.test(action) && { 'acm:CertificateKeyPairOrigin': 'CUSTOMER_PROVIDED' }),
      },
    },
  ];
}
