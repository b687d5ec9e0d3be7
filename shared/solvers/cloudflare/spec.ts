import * as z from 'zod';
import { secretCheck } from '../records/secret-check.ts';
import { dns01Fields, type SolverSpec, secretField, secretPermissions } from '../solver-spec.ts';

export const cloudflareSpec = {
  type: 'cloudflare',
  summary: 'DNS-01 through Cloudflare.',
  tested: {
    against: 'documentation only',
    how: 'A server on this machine answers as the documentation of the API says.',
  },
  schema: z.strictObject({
    type: z.literal('cloudflare'),
    secret: secretField,
    ...dns01Fields,
  }),
  example: { type: 'cloudflare', secret: 'dns/cloudflare' },
  permissions: secretPermissions,
  checks: [secretCheck],
  credentials: {
    apiToken: 'an API token with the permissions Zone: Read and DNS: Edit on the zones',
  },
} as const satisfies SolverSpec;
