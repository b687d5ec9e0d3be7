import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** What the configuration may say, and which rights that takes: read at synthesis only. */
export const templateSpec = {
  type: 'template',
  summary: 'A webhook: one POST with the message as JSON.',
  schema: z.strictObject({ type: z.literal('template') }),
  example: { type: 'template' },
  // One statement for each right, with the stages whose functions get it and the reason. This one asks AWS for nothing.
  permissions: [],
} as const satisfies PluginSpec;
