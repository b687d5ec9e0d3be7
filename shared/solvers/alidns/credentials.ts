/** Fields of the JSON in the secret, and what each is. Apart from the spec, which the functions do not carry. */
export const alidnsCredentials = {
  accessKeyId:
    'of a RAM user who may do alidns:DescribeDomains, DescribeSubDomainRecords, AddDomainRecord and DeleteDomainRecord',
  accessKeySecret: 'the secret of that access key',
} as const;
