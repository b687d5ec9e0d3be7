import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** What the configuration may say, and which rights that takes: read at synthesis only. */
export const templateSpec = {
  type: 'template',
  summary:
    'A store of documents with compare-and-swap over HTTP, one document for each certificate.',
  schema: z.strictObject({ type: z.literal('template') }),
  example: { type: 'template' },
  // One statement for each right: reading keys is for issue and import alone.
  permissions: [],
} as const satisfies PluginSpec;
