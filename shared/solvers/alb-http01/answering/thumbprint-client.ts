import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { errorName } from '#shared/errors.ts';
import { thumbprintTag } from '#shared/keystores/key-store.ts';

/** What the secret of an account says of its key; null where there is none yet, or nobody has said it. */
export function thumbprintReader(
  client: SecretsManagerClient,
): (secret: string) => Promise<string | null> {
  return async (SecretId) => {
    try {
      const { Tags } = await client.send(new DescribeSecretCommand({ SecretId }));
      return Tags?.find(({ Key }) => Key === thumbprintTag)?.Value ?? null;
    } catch (error) {
      if (errorName(error) === 'ResourceNotFoundException') return null;
      throw error;
    }
  };
}
