import * as z from 'zod';
import type { TargetSpec } from '../target.ts';

/** The configuration and the rights of this kind. Only synthesis reads it, so zod and texts cost the functions nothing. */
export const templateSpec = {
  type: 'template',
  summary: 'A server that is told over HTTP which certificate of ACM it is to serve.',
  tested: { against: 'real counterpart', how: 'A server on this machine.' },
  schema: z.strictObject({
    type: z.literal('template'),
    server: z.url().describe('Where the server is told: `https://gateway.example`.'),
    listener: z.string().min(1).describe('What the server calls the listener.'),
  }),
  example: { type: 'template', server: 'https://gateway.example', listener: 'front' },
  keyAlgorithms: ['ecdsa-p256', 'ecdsa-p384', 'rsa-2048', 'rsa-3072', 'rsa-4096'],
  // One statement per right, with its stages and its reason. This kind needs no right in AWS.
  permissions: [],
} as const satisfies TargetSpec;
