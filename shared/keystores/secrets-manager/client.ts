import {
  CreateSecretCommand,
  DescribeSecretCommand,
  GetSecretValueCommand,
  PutSecretValueCommand,
  ReplicateSecretToRegionsCommand,
  SecretsManagerClient,
  TagResourceCommand,
  UpdateSecretVersionStageCommand,
} from '@aws-sdk/client-secrets-manager';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { errorName } from '#shared/errors.ts';
import { Secret } from '#shared/secret.ts';
import { keyInRegion } from '../key-in-region.ts';
import type { Sealing, SecretLabels, SecretsClient } from './secrets-client.ts';

export function secretsClientWith(options: ClientOptions): SecretsClient {
  return awsSecretsClient(new SecretsManagerClient(options));
}

/** Only this file speaks to Secrets Manager. */
export function awsSecretsClient(client: SecretsManagerClient): SecretsClient {
  return {
    create: (name, first, sealing) =>
      answered('CreateSecret', name, { ResourceExistsException: 'exists' }, async () => {
        await client.send(
          new CreateSecretCommand({
            Name: name,
            Description: 'Kept by certkeep.',
            ClientRequestToken: first.token,
            SecretString: first.value.reveal(),
            KmsKeyId: sealing.keyId,
            ...(sealing.regions.length > 0 && { AddReplicaRegions: replicaRegions(sealing) }),
          }),
        );
        return 'created' as const;
      }),
    put: (name, version, labels) =>
      answered(
        'PutSecretValue',
        name,
        { ResourceNotFoundException: 'no-secret', ResourceExistsException: 'token-taken' },
        async () => {
          await client.send(
            new PutSecretValueCommand({
              SecretId: name,
              ClientRequestToken: version.token,
              SecretString: version.value.reveal(),
              VersionStages: [...labels],
            }),
          );
          return 'stored' as const;
        },
      ),
    read: (name, token) =>
      answered('GetSecretValue', name, { ResourceNotFoundException: null }, async () => {
        const { SecretString } = await client.send(
          new GetSecretValueCommand({ SecretId: name, ...(token && { VersionId: token }) }),
        );
        return SecretString === undefined ? null : new Secret(SecretString);
      }),
    describe: (name) =>
      answered('DescribeSecret', name, { ResourceNotFoundException: null }, () =>
        describe(client, name),
      ),
    tag: (name, Key, Value) =>
      answered('TagResource', name, {}, async () => {
        const Tags = [{ Key, Value }];
        await client.send(new TagResourceCommand({ SecretId: name, Tags }));
      }),
    replicate: (name, sealing) =>
      answered('ReplicateSecretToRegions', name, {}, async () => {
        const AddReplicaRegions = replicaRegions(sealing);
        const command = new ReplicateSecretToRegionsCommand({ SecretId: name, AddReplicaRegions });
        await client.send(command);
      }),
    moveLabel: (name, label, { from, to }) =>
      answered(
        'UpdateSecretVersionStage',
        name,
        { InvalidParameterException: 'stale' },
        async () => {
          await client.send(
            new UpdateSecretVersionStageCommand({
              SecretId: name,
              VersionStage: label,
              ...(from && { RemoveFromVersionId: from }),
              ...(to && { MoveToVersionId: to }),
            }),
          );
          return 'moved' as const;
        },
      ),
  };
}

function replicaRegions({ keyId, regions }: Sealing) {
  return regions.map((Region) => ({ Region, KmsKeyId: keyInRegion(keyId, Region) }));
}

async function describe(client: SecretsManagerClient, SecretId: string): Promise<SecretLabels> {
  const answer = await client.send(new DescribeSecretCommand({ SecretId }));
  return {
    isDeleted: answer.DeletedDate !== undefined,
    tags: Object.fromEntries((answer.Tags ?? []).map(({ Key, Value }) => [Key, Value])),
    labels: answer.VersionIdsToStages ?? {},
    replicas: (answer.ReplicationStatus ?? []).map(({ Region, Status, StatusMessage }) => ({
      region: Region ?? '',
      status: Status ?? 'unknown',
      message: StatusMessage ?? null,
    })),
  };
}

/** Refusals that somebody can act on: rights, the KMS key, a secret that is full or scheduled for deletion. */
const named = serviceCalls({
  service: 'Secrets Manager',
  stage: 'store',
  known: {
    AccessDeniedException: 'KeyStoreUnreadable',
    DecryptionFailure: 'KeyStoreUnreadable',
    EncryptionFailure: 'KeyStoreUnreadable',
    InvalidRequestException: 'KeyStoreUnreadable',
    LimitExceededException: 'KeyStoreFull',
  },
});

function answered<T, const Known extends Readonly<Record<string, string | null>>>(
  operation: string,
  secret: string,
  known: Known,
  call: () => Promise<T>,
): Promise<T | Known[keyof Known]> {
  return named(operation, `secret ${secret}`, async () => {
    try {
      return await call();
    } catch (cause) {
      const name = errorName(cause);
      if (Object.hasOwn(known, name)) return known[name] as Known[keyof Known];
      throw cause;
    }
  });
}
