import { randomBytes } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import type { Cloud } from 'local-cloud/cloud.ts';
import { operatorClient } from 'local-cloud/operator.ts';
import type { Config } from '#shared/config/config.ts';
import { credentialsTag } from '#shared/installation.ts';

/** Makes up the secrets that a person has from elsewhere: accounts at CAs, and the address of the heartbeat. */
export async function createSecrets(
  cloud: Cloud,
  { alerts, home, installation, issuers }: Config,
  heartbeatUrl: string | null,
): Promise<void> {
  const secrets = new SecretsManagerClient(operatorClient(cloud, home.region));
  const values = new Map<string, string>();
  const bindings = Object.values(issuers).flatMap((issuer) => [
    issuer.externalAccountBinding,
    issuer.rehearsal?.externalAccountBinding,
  ]);
  for (const externalAccountBinding of bindings) {
    if (!externalAccountBinding) continue;
    const hmacKey = randomBytes(32).toString('base64url');
    values.set(externalAccountBinding.secret, JSON.stringify({ kid: 'made-up', hmacKey }));
  }
  if (alerts.heartbeat && heartbeatUrl) values.set(alerts.heartbeat.secret, heartbeatUrl);
  for (const [Name, SecretString] of values) {
    const Tags = [{ Key: credentialsTag, Value: installation }];
    await secrets.send(new CreateSecretCommand({ Name, SecretString, Tags }));
  }
}
