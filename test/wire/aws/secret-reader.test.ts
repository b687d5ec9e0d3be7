import { CreateSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { awsSecretReader } from '#shared/adapters/secret-reader.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';
import { type SecretsLab, secretsLab } from '../keystores/secrets-lab.ts';

let lab: SecretsLab;

beforeEach(async () => {
  lab = await secretsLab();
});
afterEach(() => lab.close());

function reader() {
  return awsSecretReader((region = 'us-east-1') => localClientOptions(lab.front, { region }));
}

async function create(Name: string, region = 'us-east-1', value: object = { SecretString: 'x' }) {
  return lab.sdkIn(region).send(new CreateSecretCommand({ Name, ...value }));
}

describe('a secret is read', () => {
  test('by its name, in the home region', async () => {
    await create('dns/keys', 'us-east-1', { SecretString: '{"apiToken":"t"}' });
    expect((await reader()('dns/keys')).reveal()).toBe('{"apiToken":"t"}');
  });

  test('by its ARN, in the region that stands there', async () => {
    const { ARN = '' } = await create('dns/keys', 'eu-west-1', { SecretString: 'there' });
    expect((await reader()(ARN)).reveal()).toBe('there');
    await expect(reader()('dns/keys')).rejects.toMatchObject({ name: 'DnsCredentialsUnreadable' });
  });
});

describe('a person is told of:', () => {
  test('a secret that is not there', async () => {
    await expect(reader()('dns/none')).rejects.toMatchObject({
      name: 'DnsCredentialsUnreadable',
      message: expect.stringMatching(/GetSecretValue secret dns\/none: ResourceNotFoundException/),
    });
  });

  test('a secret that may not be read', async () => {
    await create('dns/keys');
    const fault = { do: 'refuse', code: 'AccessDeniedException' } as const;
    lab.front.faults.add({ when: ({ operation }) => operation === 'GetSecretValue', fault });
    await expect(reader()('dns/keys')).rejects.toMatchObject({
      name: 'DnsCredentialsUnreadable',
      message: expect.stringMatching(
        /^secret dns\/keys does not exist, or may not be read: .*AccessDeniedException/,
      ),
    });
  });

  test('under the name of what it is for', async () => {
    const eab = awsSecretReader(
      (region = 'us-east-1') => localClientOptions(lab.front, { region }),
      'ExternalAccountUnreadable',
    );
    await expect(eab('ca/eab')).rejects.toMatchObject({
      name: 'ExternalAccountUnreadable',
      message: expect.stringContaining('ResourceNotFoundException'),
    });
  });

  test('a secret that holds bytes', async () => {
    await create('dns/keys', 'us-east-1', { SecretBinary: Buffer.from('x') });
    await expect(reader()('dns/keys')).rejects.toMatchObject({
      name: 'DnsCredentialsUnreadable',
      message: 'secret dns/keys holds bytes instead of text',
    });
  });
});

test('trouble of AWS itself passes, and is no matter of the secret', async () => {
  await create('dns/keys');
  const fault = { do: 'refuse', code: 'InternalServiceError', status: 500 } as const;
  const when = ({ operation }: { operation: string }) => operation === 'GetSecretValue';
  lab.front.faults.add({ when, fault, times: 3 });
  await expect(reader()('dns/keys')).rejects.toMatchObject({ name: 'ServiceFailed' });
});
