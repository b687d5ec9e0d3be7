import type { GetSecretValueCommandOutput } from '@aws-sdk/client-secrets-manager';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { certificateSecret } from '#shared/installation.ts';
import type { World } from '#test/support/world.ts';

/** Returns the version that readers of the secret get in a region, or the reason why they get none. */
export function currentVersionOf(world: World, certificate: string, region: string): string {
  const call = { region, account: homeAccount, accessKeyId: 'reader' };
  const input = { SecretId: certificateSecret(world.names.installation, certificate) };
  try {
    const read = world.cloud.secrets.operations.GetSecretValue?.(input, call);
    const { SecretString = '{}' } = read as GetSecretValueCommandOutput;
    const { version, certificate: leaf, chain } = JSON.parse(SecretString);
    return leaf && chain ? version : `${version} without a certificate`;
  } catch (error) {
    return (error as Error).message;
  }
}
