import * as z from 'zod';
import { secretCheck } from '../records/secret-check.ts';
import { dns01Fields, type SolverSpec, secretField, secretPermissions } from '../solver-spec.ts';

export const dnspodSpec = {
  type: 'dnspod',
  summary: 'DNS-01 through DNSPod (Tencent Cloud).',
  tested: {
    against: 'documentation only',
    how: 'A server on this machine answers as the documentation of the API says, and checks the signatures.',
  },
  schema: z.strictObject({
    type: z.literal('dnspod'),
    secret: secretField,
    endpoint: z
      .string()
      .regex(/^dnspod(?:\.[a-z0-9-]+)?\.tencentcloudapi\.com$/, 'is not a host of the DNSPod API')
      .exactOptional()
      .describe('A host of the API other than dnspod.tencentcloudapi.com.'),
    ...dns01Fields,
  }),
  example: { type: 'dnspod', secret: 'dns/dnspod' },
  permissions: secretPermissions,
  checks: [secretCheck],
  credentials: {
    secretId:
      'the id of an API key of a CAM user who may do dnspod:DescribeDomainList, DescribeRecordList, CreateRecord and DeleteRecord',
    secretKey: 'the key that belongs to it',
  },
} as const satisfies SolverSpec;
