import { domainOf } from '../../region.ts';
import { arnOf } from '../../wire/arn.ts';
import { AwsError } from '../../wire/service.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import type { AccessRequest } from './requests.ts';

export type KeyAction = 'Decrypt' | 'Encrypt' | 'GenerateDataKey';

type Use = {
  /** The ARN of a customer's key; null for AWS's own key or none, which everybody may use. */
  readonly key: string | null;
  readonly actions: readonly KeyAction[];
  /** The service that calls KMS on the caller's behalf. */
  readonly via: 's3' | 'secretsmanager' | 'sns' | 'sqs';
  readonly encryptionContext: Readonly<Record<string, string>>;
};

/** The service uses the key with the caller's rights. */
export function keyUse(
  { key, actions, via, encryptionContext }: Use,
  { region, account }: Asker,
): AccessRequest[] {
  if (key === null) return [];
  const pairs = Object.entries(encryptionContext);
  return actions.map((action) => ({
    action: `kms:${action}`,
    resource: key,
    context: {
      'aws:ViaAWSService': 'true',
      'kms:CallerAccount': account,
      'kms:ViaService': `${via}.${region}.${domainOf(region)}`,
      'kms:EncryptionContextKeys': pairs.map(([name]) => name),
      ...Object.fromEntries(pairs.map(([name, value]) => [`kms:EncryptionContext:${name}`, value])),
    },
  }));
}

/**
 * The ARN of the customer's key that a request names by id, ARN or alias; null for AWS's own keys, which everybody in the
 * account may use through their service.
 */
export function keyNamed(
  name: string | undefined,
  asker: Asker,
  resources: Resources,
): string | null {
  const key = knownKey(name, asker, resources);
  if (key !== undefined) return key;
  throw new AwsError('KMS.NotFoundException', `Alias ${name} is not found.`);
}

/** The same, but undefined for an alias that does not exist. */
export function knownKey(
  name: string | undefined,
  asker: Asker,
  resources: Resources,
): string | null | undefined {
  if (name === undefined || /(^|:)alias\/aws\//.test(name)) return null;
  if (/^arn:[\w-]+:kms:[\w-]+:\d{12}:key\//.test(name)) return name;
  const alias = name.startsWith('alias/') ? arnOf('kms', asker, name) : name;
  if (!alias.includes(':alias/')) return arnOf('kms', asker, `key/${name}`);
  return resources.encryptionOf(alias).key ?? undefined;
}
