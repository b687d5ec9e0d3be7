import type {
  CreateSecretCommandInput,
  CreateSecretResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { addReplicas, replicationStatus } from './replication.ts';
import { arnOf, type Secret, type SecretsState, seenFrom } from './state.ts';
import { tokenOf } from './token.ts';
import { checkValue, current, sameValue, withVersion } from './versions.ts';

const secretName = /^[\w/+=.@-]{1,512}$/;

export function createSecret(
  state: SecretsState,
  input: CreateSecretCommandInput,
  call: Call,
): CreateSecretResponse {
  supportOnly('CreateSecret', input, [
    'Name',
    'ClientRequestToken',
    'Description',
    'KmsKeyId',
    'SecretString',
    'SecretBinary',
    'Tags',
    'AddReplicaRegions',
  ]);
  const name = input.Name ?? '';
  if (!secretName.test(name)) {
    throw new AwsError('ValidationException', `Invalid name: ${name}`);
  }
  const token = tokenOf(input.ClientRequestToken);
  const existing = existingSecret(state, name, call);
  if (existing) return repeated(state, existing, input, token, call);
  const secret = newSecret(state, input, token, call);
  addReplicas(state, secret, input.AddReplicaRegions);
  state.secrets.push(secret);
  return created(state, secret, secret.content.versions.size > 0 ? token : undefined);
}

function existingSecret(state: SecretsState, name: string, call: Call): Secret | undefined {
  return state.secrets.find(
    (secret) =>
      secret.name === name &&
      secret.account === call.account &&
      (secret.region === call.region || seenFrom(state, secret, call.region)),
  );
}

/** A retry after a lost answer succeeds, with the same token and content. */
function repeated(
  state: SecretsState,
  secret: Secret,
  input: CreateSecretCommandInput,
  token: string,
  call: Call,
): CreateSecretResponse {
  if (secret.deletedAt) {
    throw new AwsError(
      'InvalidRequestException',
      "You can't create this secret because a secret with this name is already scheduled for deletion.",
    );
  }
  const version = secret.content.versions.get(token);
  if (secret.region === call.region && version && sameValue(version.value, input)) {
    return created(state, secret, token);
  }
  throw new AwsError(
    'ResourceExistsException',
    `The operation failed because the secret ${secret.name} already exists.`,
  );
}

function newSecret(
  state: SecretsState,
  input: CreateSecretCommandInput,
  token: string,
  call: Call,
): Secret {
  const { SecretString, SecretBinary } = input;
  const now = state.clock.now();
  const hasValue = SecretString !== undefined || SecretBinary !== undefined;
  if (hasValue) checkValue(input);
  const version = { id: token, value: { SecretString, SecretBinary }, createdAt: now };
  return {
    name: input.Name ?? '',
    suffix: crypto.randomUUID().slice(0, 6),
    region: call.region,
    account: call.account,
    createdAt: now,
    deletedAt: null,
    replicas: [],
    content: {
      versions: hasValue ? withVersion(new Map(), version, [current]) : new Map(),
      description: input.Description,
      kmsKeyId: input.KmsKeyId,
      tags: new Map((input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''])),
      changedAt: now,
    },
  };
}

function created(
  state: SecretsState,
  secret: Secret,
  versionId: string | undefined,
): CreateSecretResponse {
  return {
    ARN: arnOf(secret, secret.region),
    Name: secret.name,
    VersionId: versionId,
    ...(secret.replicas.length > 0 ? { ReplicationStatus: replicationStatus(state, secret) } : {}),
  };
}
