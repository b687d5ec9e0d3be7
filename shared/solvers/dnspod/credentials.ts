/** Fields of the JSON in the secret, and what each is. Apart from the spec, which the functions do not carry. */
export const dnspodCredentials = {
  secretId:
    'of a CAM user who may do dnspod:DescribeDomainList, DescribeRecordList, CreateRecord and DeleteRecord',
  secretKey: 'the key that belongs to it',
} as const;
