import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** The configuration and the rights of this kind. Only synthesis reads it. */
export const templateSpec = {
  type: 'template',
  summary: 'A private CA that signs what it is sent, for whoever has its token.',
  tested: { against: 'real counterpart', how: 'A server on this machine.' },
  schema: z.strictObject({
    type: z.literal('template'),
    server: z.url().describe('Where it is asked: `https://ca.example`.'),
    token: z.string().min(1).describe('The name of the secret that holds the token.'),
  }),
  example: { type: 'template', server: 'https://ca.example', token: 'ca/token' },
  // One statement per right, with its stages and its reason.
  permissions: [],
} as const satisfies PluginSpec;

export type TemplateConfig = z.output<typeof templateSpec.schema>;
