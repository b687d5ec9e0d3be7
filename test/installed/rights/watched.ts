import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { startPlainServer } from '#test/support/plain-server.ts';
import { healthy, hour, type Scenario, small } from './scenario.ts';

const secret = 'ops/heartbeat';
let beats = 0;

/** Somebody outside waits for each check. */
export const watched: Scenario = {
  name: 'each check gives its signs of life',
  source: `${small}alerts: {heartbeat: {secret: ${secret}}}\n`,
  async run(world) {
    const service = await startPlainServer((_, response) => void response.writeHead(200).end());
    try {
      const secrets = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
      const SecretString = `${service.origin}/ping`;
      await secrets.send(new CreateSecretCommand({ Name: secret, SecretString }));
      await world.live(hour);
      beats = service.received();
    } finally {
      await service.close();
    }
  },
  async problems(world) {
    return [...(await healthy(world)), ...(beats === 6 ? [] : [`${beats} heartbeats arrived`])];
  },
};
