import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** The configuration and the rights of this kind. Only synthesis reads it. */
export const templateSpec = {
  type: 'template',
  summary:
    'A store of documents with compare-and-swap over HTTP, one document for each certificate.',
  tested: { against: 'real counterpart', how: 'A server on this machine.' },
  schema: z.strictObject({ type: z.literal('template') }),
  example: { type: 'template' },
  // One statement per right. Only issue and import may read keys.
  permissions: [],
} as const satisfies PluginSpec;
