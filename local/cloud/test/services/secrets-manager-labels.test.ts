import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { SecretId, type SecretLab, secretLab, token } from '../support/secret-lab.ts';

let lab: SecretLab;
let client: SecretLab['client'];

beforeEach(async () => {
  lab = await secretLab();
  client = lab.client;
});
afterEach(() => lab.close());

function move(VersionStage: string, to: number | null, from?: number) {
  return client.send(
    new UpdateSecretVersionStageCommand({
      SecretId,
      VersionStage,
      ...(to === null ? {} : { MoveToVersionId: token(to) }),
      ...(from === undefined ? {} : { RemoveFromVersionId: token(from) }),
    }),
  );
}

async function stages(): Promise<Record<string, string[]>> {
  const described = await client.send(new DescribeSecretCommand({ SecretId }));
  const pairs = Object.entries(described.VersionIdsToStages ?? {});
  return Object.fromEntries(pairs.map(([id, held]) => [id.replace(/^v+/, ''), held.sort()]));
}

test('a first version always becomes current', async () => {
  await client.send(new CreateSecretCommand({ Name: 'empty' }));
  const first = await client.send(
    new PutSecretValueCommand({ SecretId: 'empty', SecretString: 'x', VersionStages: ['pending'] }),
  );
  expect(first.VersionStages?.sort()).toEqual(['AWSCURRENT', 'pending']);
});

test('a label moves only from the version that holds it, to one that is there', async () => {
  await lab.put(1, 'one', ['pending']);
  await expect(move('AWSCURRENT', 1, 1)).rejects.toMatchObject({
    name: 'InvalidParameterException',
  });
  await expect(move('AWSCURRENT', 9, 0)).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
  });
  await move('kept', 1);
  expect(await stages()).toEqual({ 0: ['AWSCURRENT'], 1: ['kept', 'pending'] });
});

test('a secret has at most 20 labels', async () => {
  const own = Array.from({ length: 19 }, (_, index) => `kept-${index}`);
  await lab.put(1, 'one', own);
  await expect(lab.put(2, 'two', ['one-more'])).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
});
