import * as z from 'zod';
import type { TargetSpec } from '../target.ts';

/** What the configuration may say, and which rights that takes. Read at synthesis only: zod and texts cost the functions nothing. */
export const templateSpec = {
  type: 'template',
  summary: 'A server that is told over HTTP which certificate of ACM it is to serve.',
  schema: z.strictObject({
    type: z.literal('template'),
    server: z.url().describe('Where the server is told: `https://gateway.example`.'),
    listener: z.string().min(1).describe('What the server calls the listener.'),
  }),
  example: { type: 'template', server: 'https://gateway.example', listener: 'front' },
  keyAlgorithms: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  // One statement for each right, with the stages whose functions get it and the reason. This one asks AWS for nothing.
  permissions: [],
} as const satisfies TargetSpec;
