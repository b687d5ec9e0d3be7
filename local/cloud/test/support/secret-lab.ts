import {
  CreateSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { secretsManager, secretsManagerService } from '#cloud/services/secrets-manager/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { localFront } from '../wire/local-front.ts';

export const SecretId = 'certkeep/www';

export type SecretLab = Awaited<ReturnType<typeof secretLab>>;

/** Secrets Manager with one secret, whose first version is `token(0)`. */
export async function secretLab() {
  const clock = virtualClock();
  const front = await localFront([secretsManagerService(secretsManager({ clock }))]);
  const client = new SecretsManagerClient(front.configuration());
  const first = { Name: SecretId, SecretString: 'placeholder', ClientRequestToken: token(0) };
  await client.send(new CreateSecretCommand(first));
  return {
    clock,
    front,
    client,
    put(number: number, SecretString: string, VersionStages?: string[]) {
      const version = { SecretId, SecretString, ClientRequestToken: token(number) };
      return client.send(
        new PutSecretValueCommand({ ...version, ...(VersionStages && { VersionStages }) }),
      );
    },
    close: () => front.close(),
  };
}

export function token(number: number): string {
  return `${number}`.padStart(32, 'v');
}
