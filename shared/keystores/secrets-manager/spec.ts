import * as z from 'zod';
import type { PluginSpec } from '#shared/plugin.ts';

const secrets = 'arn:{partition}:secretsmanager:{region}:{account}:secret:{installation}/*';

export const secretsManagerSpec = {
  type: 'secrets-manager',
  summary: 'AWS Secrets Manager: one secret per certificate, with replicas in other regions.',
  schema: z.strictObject({ type: z.literal('secrets-manager') }),
  example: { type: 'secrets-manager' },
  permissions: [
    {
      actions: ['secretsmanager:GetSecretValue', 'secretsmanager:DescribeSecret'],
      resources: [secrets],
      reason: 'Reads keys back after writing them, and the labels of their versions.',
    },
    {
      actions: [
        'secretsmanager:CreateSecret',
        'secretsmanager:ReplicateSecretToRegions',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [secrets],
      reason:
        'Stores keys under names that begin with that of the installation, and promotes their versions.',
    },
  ],
} as const satisfies PluginSpec;
