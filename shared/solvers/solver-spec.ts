import * as z from 'zod';
import { credentialsTag, permissionNames as names } from '#shared/installation.ts';
import type { Permission, PluginSpec } from '#shared/schema/plugin.ts';
import { secretName as secretNamed } from '#shared/schema/secret-name.ts';

/** The spec of a solver, which extends that of a plugin. */
export type SolverSpec = PluginSpec & {
  /** The fields of the JSON in its secret, each described for the person who creates the key. */
  readonly credentials?: Readonly<Record<string, string>>;
  /** The rights of the role in the listener's account, which the issue function assumes. */
  readonly rolePermissions?: readonly Permission[];
};

/** The fields of every solver that answers through DNS, as in cert-manager. */
export const dns01Fields = {
  cnameStrategy: z
    .enum(['none', 'follow'])
    .default('none')
    .describe(
      'With `follow`, if `_acme-challenge` is a CNAME, certkeep writes the value where the CNAME leads. The selector still matches the original name. certkeep never follows a CNAME that only a wildcard gives.',
    ),
};

const secretName = '[A-Za-z0-9/_+=.@-]{1,512}';

export const secretField = secretNamed(
  new RegExp(
    `^(?:${secretName}|arn:aws[a-z-]*:secretsmanager:[a-z0-9-]+:\\d{12}:secret:${secretName})$`,
  ),
  'is not the name or ARN of a secret in Secrets Manager',
).describe('The name or the ARN of the secret that holds the credentials, as JSON.');

/**
 * The rights to read a secret, and to decrypt it where it has its own KMS key, with the context that Secrets Manager sends
 * (secretsmanager/latest/userguide/security-encryption.html).
 */
export const secretPermissions = [
  {
    sid: 'ReadDnsCredentials',
    stages: ['issue'],
    actions: ['secretsmanager:GetSecretValue'],
    resources: ['{secret}'],
    otherwise: {
      resources: ['arn:{partition}:secretsmanager:*:*:secret:*'],
      conditions: {
        StringEquals: { [`aws:ResourceTag/${credentialsTag}`]: names.installation },
      },
      meaning: `It is allowed for secrets that carry the tag ${credentialsTag} with the name of the installation: tag those that the configuration names.`,
    },
    reason: 'The credentials for the DNS service, and no other secret.',
  },
  {
    sid: 'OpenDnsCredentials',
    stages: ['issue'],
    actions: ['kms:Decrypt'],
    resources: ['arn:{partition}:kms:{secretPlace}:key/*'],
    conditions: {
      StringEquals: { 'kms:ViaService': 'secretsmanager.{secretRegion}.{urlSuffix}' },
      StringLike: { 'kms:EncryptionContext:SecretARN': '{secret}' },
    },
    otherwise: {
      resources: ['arn:{partition}:kms:*:*:key/*'],
      conditions: {
        StringEquals: { 'kms:ViaService': 'secretsmanager.{secretRegion}.{urlSuffix}' },
      },
      meaning: 'It is allowed for every key, but only through Secrets Manager.',
    },
    reason:
      'A secret may have a KMS key of its own, which only its owner knows: any key is allowed, but for this secret only.',
  },
] as const satisfies SolverSpec['permissions'];
