import * as z from 'zod';
import { secretCheck } from '../records/secret-check.ts';
import { dns01Fields, type SolverSpec, secretField, secretPermissions } from '../solver-spec.ts';

export const alidnsSpec = {
  type: 'alidns',
  summary: 'DNS-01 through Alibaba Cloud DNS.',
  tested: {
    against: 'documentation only',
    how: 'A server on this machine answers as the documentation of the API says, and checks the signatures.',
  },
  schema: z.strictObject({
    type: z.literal('alidns'),
    secret: secretField,
    endpoint: z
      .string()
      .regex(/^alidns(?:\.[a-z0-9-]+)?\.aliyuncs\.com$/, 'is not a host of Alibaba Cloud DNS')
      .exactOptional()
      .describe('A host of the API other than alidns.aliyuncs.com.'),
    ...dns01Fields,
  }),
  example: { type: 'alidns', secret: 'dns/alidns' },
  permissions: secretPermissions,
  checks: [secretCheck],
  credentials: {
    accessKeyId:
      'the id of an access key of a RAM user who may do alidns:DescribeDomains, DescribeSubDomainRecords, AddDomainRecord and DeleteDomainRecord',
    accessKeySecret: 'the secret of that access key',
  },
} as const satisfies SolverSpec;
