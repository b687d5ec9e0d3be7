import * as z from 'zod';
import type { PluginSpec } from '#shared/plugin.ts';

export const acmeSpec = {
  type: 'acme',
  summary: 'A certificate authority that speaks ACME (RFC 8555).',
  schema: z.strictObject({
    type: z.literal('acme'),
    directory: z
      .url({ protocol: /^https$/, error: 'is not an https URL of an ACME directory' })
      .describe('The directory of the CA (RFC 8555 §7.1.1). No other host is ever asked.'),
    termsOfServiceAgreed: z
      .literal(true, {
        error: 'must be true: the CA issues only to accounts that agreed to its terms',
      })
      .describe('That you have read and agreed to the terms of the CA.'),
    contact: z
      .array(z.string().regex(/^mailto:[^\s@]+@[^\s@]+$/, 'is not a mailto: address'))
      .default([])
      .describe('Where the CA may write to you: `mailto:` addresses.'),
    caBundle: z
      .string()
      .optional()
      .describe('PEM roots to trust for the TLS of the directory itself; for a private CA.'),
  }),
  example: {
    type: 'acme',
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    termsOfServiceAgreed: true,
  },
  permissions: [],
} as const satisfies PluginSpec;
