import { DescribeSecretCommand, type SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { errorName } from '#shared/errors.ts';
import { thumbprintTag } from '#shared/keystores/key-store.ts';

/** IAM may answer so for a secret that does not exist: an account that was never used keeps no other from proving names. */
const absent: readonly string[] = ['ResourceNotFoundException', 'AccessDeniedException'];

/** Reads the key thumbprint from the tag of an account's secret; null where there is no secret or no tag yet. */
export function thumbprintReader(
  client: SecretsManagerClient,
): (secret: string) => Promise<string | null> {
  return async (SecretId) => {
    try {
      const { Tags } = await client.send(new DescribeSecretCommand({ SecretId }));
      return Tags?.find(({ Key }) => Key === thumbprintTag)?.Value ?? null;
    } catch (error) {
      if (absent.includes(errorName(error))) return null;
      throw error;
    }
  };
}
