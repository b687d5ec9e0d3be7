import * as z from 'zod';
import type { PluginSpec } from '#shared/schema/plugin.ts';

/** The configuration and the rights of this kind. Only synthesis reads it. */
export const templateSpec = {
  type: 'template',
  summary: 'A webhook: one POST with the message as JSON.',
  tested: { against: 'real counterpart', how: 'A server on this machine.' },
  schema: z.strictObject({ type: z.literal('template') }),
  example: { type: 'template' },
  // One statement per right, with its stages and its reason. This kind needs no right in AWS.
  permissions: [],
} as const satisfies PluginSpec;
