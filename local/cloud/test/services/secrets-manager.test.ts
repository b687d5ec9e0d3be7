import {
  CreateSecretCommand,
  DeleteSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  ListSecretsCommand,
  ListSecretVersionIdsCommand,
  SecretsManagerClient,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { dayMs } from '#cloud/clock.ts';
import { SecretId, type SecretLab, secretLab, token } from '../support/secret-lab.ts';

let lab: SecretLab;
let client: SecretLab['client'];

beforeEach(async () => {
  lab = await secretLab();
  client = lab.client;
});
afterEach(() => lab.close());

async function value(selection: { VersionId?: string; VersionStage?: string } = {}) {
  const got = await client.send(new GetSecretValueCommand({ SecretId, ...selection }));
  return got.SecretString;
}

test('a creation whose answer was lost succeeds on retry', async () => {
  lab.front.faults.add({ when: () => true, fault: { do: 'lose-answer' } });
  const retrying = new SecretsManagerClient(lab.front.configuration({ maxAttempts: 2 }));
  const create = { Name: 'again', SecretString: 'x', ClientRequestToken: token(7) };
  const answer = await retrying.send(new CreateSecretCommand(create));
  expect(answer.VersionId).toBe(token(7));
  const other = new CreateSecretCommand({ ...create, SecretString: 'y' });
  await expect(client.send(other)).rejects.toMatchObject({ name: 'ResourceExistsException' });
});

test('the error says whether the secret or the version is missing', async () => {
  await expect(value({ VersionStage: 'pending' })).rejects.toThrow('staging label: pending');
  const elsewhere = new GetSecretValueCommand({ SecretId: 'other' });
  await expect(client.send(elsewhere)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
});

test('a secret is found by its ARN, with and without the suffix', async () => {
  const { ARN = '' } = await client.send(new DescribeSecretCommand({ SecretId }));
  for (const id of [ARN, ARN.slice(0, -7)]) {
    const got = await client.send(new GetSecretValueCommand({ SecretId: id }));
    expect(got.Name).toBe(SecretId);
  }
});

test('the oldest unlabelled of 100 versions is deleted, once it is a day old', async () => {
  for (let number = 1; number <= 99; number += 1) await lab.put(number, `${number}`);
  await expect(lab.put(100, '100')).rejects.toMatchObject({ name: 'LimitExceededException' });
  lab.clock.advance(dayMs);
  await lab.put(100, '100');
  await expect(value({ VersionId: token(0) })).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  const listed = await client.send(
    new ListSecretVersionIdsCommand({ SecretId, IncludeDeprecated: true }),
  );
  expect(listed.Versions).toHaveLength(100);
});

test('a deleted secret keeps its name until the recovery window ends', async () => {
  await client.send(new DeleteSecretCommand({ SecretId }));
  await expect(value()).rejects.toMatchObject({ name: 'InvalidRequestException' });
  const again = new CreateSecretCommand({ Name: SecretId, SecretString: 'x' });
  await expect(client.send(again)).rejects.toMatchObject({ name: 'InvalidRequestException' });
  expect((await client.send(new ListSecretsCommand({}))).SecretList).toEqual([]);
});
