import * as z from 'zod';
import type { PluginSpec } from '#shared/plugin.ts';

export const snsSpec = {
  type: 'sns',
  summary: 'An Amazon SNS topic: e-mail, SMS and whatever else subscribes.',
  schema: z.strictObject({ type: z.literal('sns') }),
  example: { type: 'sns' },
  permissions: [
    {
      actions: ['sns:Publish'],
      resources: ['{topic}'],
      reason: 'Tells people what happened.',
    },
  ],
} as const satisfies PluginSpec;
