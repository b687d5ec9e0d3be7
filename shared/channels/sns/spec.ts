import * as z from 'zod';
import { permissionNames as names } from '#shared/installation.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';

const topic = `arn:{partition}:sns:{region}:{account}:${names.topic}`;

export const snsSpec = {
  type: 'sns',
  summary: 'An Amazon SNS topic, for e-mail, SMS and other subscribers.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [SNS](clouds.md#sns) run on moto too.',
  },
  schema: z.strictObject({ type: z.literal('sns') }),
  example: { type: 'sns' },
  permissions: [
    {
      sid: 'TellPeople',
      stages: ['alert'],
      actions: ['sns:Publish'],
      resources: [topic],
      reason: 'Tells people what happened.',
    },
    {
      sid: 'EncryptMessages',
      stages: ['alert'],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['{key}'],
      conditions: {
        StringEquals: {
          'kms:ViaService': 'sns.{region}.{urlSuffix}',
          'kms:EncryptionContext:aws:sns:topicArn': topic,
        },
      },
      reason: 'The topic is encrypted with the key of the installation.',
    },
    {
      sid: 'TellTopicOfUser',
      stages: ['alert'],
      actions: ['sns:Publish'],
      resources: ['{ownTopic}'],
      reason: 'The topic of the user gets every message too.',
    },
    {
      sid: 'EncryptForTopicOfUser',
      stages: ['alert'],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['{ownTopicKey}'],
      conditions: {
        StringEquals: {
          'kms:ViaService': 'sns.{ownTopicRegion}.{urlSuffix}',
          'kms:EncryptionContext:aws:sns:topicArn': '{ownTopic}',
        },
      },
      reason: 'That topic is encrypted with a key of the user.',
    },
    {
      sid: 'SeeOwnRights',
      stages: ['alert'],
      actions: ['iam:SimulatePrincipalPolicy'],
      resources: [`arn:{partition}:iam::{account}:role/${names.role('alert')}`],
      reason: 'Sees each hour that it could tell people, without sending them anything.',
    },
  ],
} as const satisfies PluginSpec;
