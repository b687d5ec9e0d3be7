import * as z from 'zod';
import { permissionNames as names } from '#shared/installation.ts';
import type { PluginSpec } from '#shared/schema/plugin.ts';

const certificates = secretIn('{region}', names.certificateSecret('*'));
const accounts = secretIn('{region}', names.accountSecret('*'));
const replicas = secretIn('{replica}', names.certificateSecret('*'));
const accountReplicas = secretIn('{replica}', names.accountSecret('*'));

/** Secrets Manager passes the secret's ARN to KMS (secretsmanager/latest/userguide/security-encryption.html). */
function onlyFor(secrets: readonly string[]) {
  return {
    StringEquals: { 'kms:ViaService': 'secretsmanager.{region}.{urlSuffix}' },
    StringLike: { 'kms:EncryptionContext:SecretARN': secrets },
  };
}

const onlyForReplicas = {
  StringEquals: {
    'kms:ViaService': [
      'secretsmanager.{region}.{urlSuffix}',
      'secretsmanager.{replica}.{urlSuffix}',
    ],
  },
  // AWS does not document which of the two regions this ARN names.
  StringLike: {
    'kms:EncryptionContext:SecretARN': [certificates, accounts, replicas, accountReplicas],
  },
} as const;

export const secretsManagerSpec = {
  type: 'secrets-manager',
  summary: 'AWS Secrets Manager: one secret per certificate, with replicas in other regions.',
  tested: {
    against: 'other emulators',
    how: 'The scenarios of [versions](clouds.md#secrets-manager-versions-and-labels) and [replicas](clouds.md#secrets-manager-replicas) run on moto too, and so does the stage store.',
  },
  schema: z.strictObject({ type: z.literal('secrets-manager') }),
  example: { type: 'secrets-manager' },
  permissions: [
    {
      sid: 'KeepKeys',
      stages: ['store'],
      actions: [
        'secretsmanager:CreateSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [certificates],
      reason: 'Stores keys before they are used, reads them back, and promotes their versions.',
    },
    {
      sid: 'KeepAccountKeys',
      stages: ['issue'],
      actions: [
        'secretsmanager:CreateSecret',
        'secretsmanager:DescribeSecret',
        'secretsmanager:GetSecretValue',
        'secretsmanager:PutSecretValue',
        'secretsmanager:UpdateSecretVersionStage',
      ],
      resources: [accounts],
      reason:
        'The keys of the accounts with certificate authorities, and the key that replaces one. Nobody else reads them.',
    },
    {
      sid: 'EncryptKeys',
      stages: ['store'],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['{key}'],
      conditions: onlyFor([certificates, accounts]),
      reason: 'Secrets are encrypted with the key of the installation.',
    },
    {
      sid: 'EncryptKeysForUser',
      stages: ['store'],
      actions: ['kms:GenerateDataKey', 'kms:Decrypt'],
      resources: ['{ownKey}'],
      conditions: onlyFor([certificates, accounts]),
      reason: 'Secrets are encrypted with the key of the user that the configuration names.',
    },
    {
      sid: 'ReadKeys',
      stages: ['import'],
      actions: ['secretsmanager:DescribeSecret', 'secretsmanager:GetSecretValue'],
      resources: [certificates],
      reason:
        'ACM needs the key of a certificate to import it. Whether a version is there, its labels say without its key.',
    },
    {
      sid: 'DecryptKeys',
      stages: ['import'],
      actions: ['kms:Decrypt'],
      resources: ['{key}'],
      conditions: onlyFor([certificates]),
      reason: 'Secrets are encrypted with the key of the installation.',
    },
    {
      sid: 'DecryptKeysForUser',
      stages: ['import'],
      actions: ['kms:Decrypt'],
      resources: ['{ownKey}'],
      conditions: onlyFor([certificates]),
      reason: 'Secrets are encrypted with the key of the user that the configuration names.',
    },
    {
      sid: 'CompareSecrets',
      stages: ['sync'],
      actions: ['secretsmanager:DescribeSecret'],
      resources: [certificates, accounts, replicas],
      reason: 'Compares the labels of versions here and in the replicas; never reads a value.',
    },
    {
      sid: 'WatchSecrets',
      stages: ['check'],
      actions: ['secretsmanager:DescribeSecret'],
      resources: [certificates],
      reason: 'Sees once a day that the secret of each certificate is there; never reads a value.',
    },
    {
      sid: 'ReplicateSecrets',
      stages: ['store'],
      actions: ['secretsmanager:ReplicateSecretToRegions'],
      resources: [certificates, accounts],
      needs: 'replica',
      reason: 'CreateSecret with replica regions needs it too (API_CreateSecret.html).',
    },
    {
      sid: 'EncryptReplicas',
      stages: ['store'],
      actions: ['kms:GenerateDataKey', 'kms:Encrypt', 'kms:Decrypt'],
      resources: ['{replicaKey}'],
      conditions: onlyForReplicas,
      reason:
        'The replicas are encrypted with the key there. API_ReplicateSecretToRegions.html names the first two, security-encryption.html Decrypt for whoever sets a value; nothing here may read a replica.',
    },
    {
      sid: 'EncryptReplicasForUser',
      stages: ['store'],
      actions: ['kms:GenerateDataKey', 'kms:Encrypt', 'kms:Decrypt'],
      resources: ['{ownReplicaKey}'],
      conditions: onlyForReplicas,
      reason: 'The replicas are encrypted with the replicas of the key of the user.',
    },
  ],
} as const satisfies PluginSpec;

function secretIn(region: string, name: string): string {
  return `arn:{partition}:secretsmanager:${region}:{account}:secret:${name}`;
}
