import {
  CreateSecretCommand,
  DescribeSecretCommand,
  PutSecretValueCommand,
  SecretsManagerClient,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { secretsManager, secretsManagerService } from '#cloud/services/secrets-manager/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

const SecretId = 'certkeep/www';
let front: LocalFront;
let client: SecretsManagerClient;

beforeEach(async () => {
  front = await localFront([secretsManagerService(secretsManager({ clock: virtualClock() }))]);
  client = new SecretsManagerClient(front.configuration());
  await client.send(
    new CreateSecretCommand({
      Name: SecretId,
      SecretString: 'placeholder',
      ClientRequestToken: token(0),
    }),
  );
});
afterEach(() => front.close());

function token(number: number): string {
  return `${number}`.padStart(32, 'v');
}

function put(number: number, SecretString: string, VersionStages?: string[]) {
  return client.send(
    new PutSecretValueCommand({
      SecretId,
      SecretString,
      ClientRequestToken: token(number),
      ...(VersionStages ? { VersionStages } : {}),
    }),
  );
}

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
  await put(1, 'one', ['pending']);
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
  await put(1, 'one', own);
  await expect(put(2, 'two', ['one-more'])).rejects.toMatchObject({
    name: 'LimitExceededException',
  });
});
