import type {
  DeleteSecretCommandInput,
  DeleteSecretResponse,
  DescribeSecretCommandInput,
  DescribeSecretResponse,
  RestoreSecretCommandInput,
  RestoreSecretResponse,
  TagResourceCommandInput,
} from '@aws-sdk/client-secrets-manager';
import { addMs, dayMs } from '../../clock.ts';
import { AwsError, type Call } from '../../wire/service.ts';
import { replicationStatus } from './replication.ts';
import {
  arnOf,
  change,
  primarySecret,
  type Secret,
  type SecretsState,
  seenSecret,
} from './state.ts';

export function describeSecret(
  state: SecretsState,
  input: DescribeSecretCommandInput,
  call: Call,
): DescribeSecretResponse {
  const { secret, content, isReplica } = seenSecret(state, input.SecretId, call);
  const labelled = [...content.versions.values()].filter(({ stages }) => stages.length > 0);
  return {
    ARN: arnOf(secret, call.region),
    Name: secret.name,
    Description: content.description,
    KmsKeyId: isReplica ? replicaKey(secret, call.region) : content.kmsKeyId,
    CreatedDate: secret.createdAt,
    LastChangedDate: content.changedAt,
    ...(secret.deletedAt ? { DeletedDate: secret.deletedAt } : {}),
    Tags: [...content.tags].map(([Key, Value]) => ({ Key, Value })),
    VersionIdsToStages: Object.fromEntries(labelled.map(({ id, stages }) => [id, [...stages]])),
    ...(secret.replicas.length > 0 ? { PrimaryRegion: secret.region } : {}),
    ...(secret.replicas.length > 0 && !isReplica
      ? { ReplicationStatus: replicationStatus(state, secret) }
      : {}),
  };
}

/** A replica uses a key of its own region, or without one the service's. */
function replicaKey({ replicas }: Secret, region: string): string | undefined {
  return replicas.find((replica) => replica.region === region)?.kmsKeyId;
}

export function deleteSecret(
  state: SecretsState,
  input: DeleteSecretCommandInput,
  call: Call,
): DeleteSecretResponse {
  const secret = primarySecret(state, input.SecretId, call);
  if (secret.replicas.length > 0) {
    const regions = secret.replicas.map(({ region }) => region).join(', ');
    throw new AwsError(
      'InvalidRequestException',
      `You can't delete secret ${secret.name} that still has replica regions [${regions}]`,
    );
  }
  const days = input.ForceDeleteWithoutRecovery ? 0 : (input.RecoveryWindowInDays ?? 30);
  if (days !== 0 && (days < 7 || days > 30)) {
    throw new AwsError(
      'InvalidParameterException',
      'The RecoveryWindowInDays value must be between 7 and 30 days (inclusive).',
    );
  }
  const deletionDate = addMs(state.clock.now(), days * dayMs);
  if (days === 0) state.secrets = state.secrets.filter((it) => it !== secret);
  else secret.deletedAt = state.clock.now();
  return { ARN: arnOf(secret, call.region), Name: secret.name, DeletionDate: deletionDate };
}

export function restoreSecret(
  state: SecretsState,
  input: RestoreSecretCommandInput,
  call: Call,
): RestoreSecretResponse {
  const { secret } = seenSecret(state, input.SecretId, call);
  secret.deletedAt = null;
  return { ARN: arnOf(secret, call.region), Name: secret.name };
}

export function tagResource(
  state: SecretsState,
  input: TagResourceCommandInput,
  call: Call,
): object {
  const secret = primarySecret(state, input.SecretId, call);
  const added = (input.Tags ?? []).map(({ Key, Value }) => [Key ?? '', Value ?? ''] as const);
  change(state, secret, { tags: new Map([...secret.content.tags, ...added]) });
  return {};
}
