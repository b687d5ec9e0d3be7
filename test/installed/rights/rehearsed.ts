import { randomBytes } from 'node:crypto';
import { CreateSecretCommand, SecretsManagerClient } from '@aws-sdk/client-secrets-manager';
import { operatorClient } from 'local-cloud/operator.ts';
import { configText, listenerArn } from '#test/support/fleet.ts';
import { hour, type Scenario } from './scenario.ts';

const secret = 'ca/staging';
const hmacKey = randomBytes(32).toString('base64url');

/** Over DNS, and through the function behind a permanent rule; the staging directory takes no account without a binding. */
const source = configText(`
  shop: {names: [example.com], issuer: local}
  api: {names: [example.org], issuer: local}
`)
  .replace(
    'termsOfServiceAgreed: true}',
    `termsOfServiceAgreed: true, rehearsal: {directory: "https://staging.example/directory", externalAccountBinding: {secret: ${secret}}}}`,
  )
  .replace(
    '- type: route53',
    `- {type: alb-http01, listener: "${listenerArn('api', 'a')}", rule: permanent, priority: 1, selector: {dnsZones: [example.org]}}
  - type: route53`,
  );

export const rehearsed: Scenario = {
  name: 'renewals are rehearsed over DNS and a permanent rule, with a binding of their own',
  source,
  staging: { externalAccounts: { keys: { kid: hmacKey } } },
  async run(world) {
    const secrets = new SecretsManagerClient(operatorClient(world.cloud, 'us-east-1'));
    const SecretString = JSON.stringify({ kid: 'kid', hmacKey });
    await secrets.send(new CreateSecretCommand({ Name: secret, SecretString }));
    await world.check();
    await world.live(hour);
    await world.check({ certificates: ['shop', 'api'], rehearse: true, reason: 'a test' });
  },
  problems(world) {
    const unproven = ['shop', 'api'].flatMap((id) => {
      const { doneAt = null, failure = null, validated } = world.record(id).rehearsed ?? {};
      const isProven = doneAt !== null && failure === null && validated === 1;
      return isProven ? [] : [`${id} was not rehearsed: ${failure?.message}`];
    });
    return [...world.denied().map((denial) => `denied: ${denial}`), ...unproven];
  },
};
