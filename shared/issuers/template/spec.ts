import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** What the configuration may say, and which rights that takes: read at synthesis only. */
export const templateSpec = {
  type: 'template',
  summary: 'A private CA that signs what it is sent, for whoever has its token.',
  schema: z.strictObject({
    type: z.literal('template'),
    server: z.url().describe('Where it is asked: `https://ca.example`.'),
    token: z.string().min(1).describe('The name of the secret that holds the token.'),
  }),
  example: { type: 'template', server: 'https://ca.example', token: 'ca/token' },
  // One statement for each right, with the stages whose functions get it and the reason.
  permissions: [],
} as const satisfies PluginSpec;

export type TemplateConfig = z.output<typeof templateSpec.schema>;
