import * as z from 'zod';
import type { PluginSpec } from '#shared/plugin.ts';

export const acmeSpec = {
  type: 'acme',
  summary: 'A certificate authority that speaks ACME (RFC 8555).',
  schema: z.strictObject({
    type: z.literal('acme'),
    directory: z.url({ protocol: /^https$/, error: 'is not an https URL of an ACME directory' }),
    termsOfServiceAgreed: z.literal(true, {
      error: 'must be true: the CA issues only to accounts that agreed to its terms',
    }),
    contact: z
      .array(z.string().regex(/^mailto:[^\s@]+@[^\s@]+$/, 'is not a mailto: address'))
      .default([]),
    /** PEM roots to trust for the directory's own TLS, for a private CA. */
    caBundle: z.string().optional(),
  }),
  example: {
    type: 'acme',
    directory: 'https://acme-v02.api.letsencrypt.org/directory',
    termsOfServiceAgreed: true,
  },
  permissions: [],
} as const satisfies PluginSpec;
