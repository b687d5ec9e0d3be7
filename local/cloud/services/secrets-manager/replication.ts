import type {
  RemoveRegionsFromReplicationCommandInput,
  RemoveRegionsFromReplicationResponse,
  ReplicaRegionType,
  ReplicateSecretToRegionsCommandInput,
  ReplicateSecretToRegionsResponse,
  ReplicationStatusType,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import {
  arnOf,
  arrive,
  primarySecret,
  type Replica,
  type Secret,
  type SecretsState,
  send,
} from './state.ts';

export function replicateSecretToRegions(
  state: SecretsState,
  input: ReplicateSecretToRegionsCommandInput,
  call: Call,
): ReplicateSecretToRegionsResponse {
  supportOnly('ReplicateSecretToRegions', input, ['SecretId', 'AddReplicaRegions']);
  const secret = primarySecret(state, input.SecretId, call);
  addReplicas(state, secret, input.AddReplicaRegions);
  return { ARN: arnOf(secret, call.region), ReplicationStatus: replicationStatus(state, secret) };
}

export function removeRegionsFromReplication(
  state: SecretsState,
  input: RemoveRegionsFromReplicationCommandInput,
  call: Call,
): RemoveRegionsFromReplicationResponse {
  const secret = primarySecret(state, input.SecretId, call);
  const removed = input.RemoveReplicaRegions ?? [];
  secret.replicas = secret.replicas.filter(({ region }) => !removed.includes(region));
  return { ARN: arnOf(secret, call.region), ReplicationStatus: replicationStatus(state, secret) };
}

export function addReplicas(
  state: SecretsState,
  secret: Secret,
  regions: readonly ReplicaRegionType[] = [],
): void {
  for (const entry of regions) {
    const { Region: region = '', KmsKeyId: kmsKeyId } = entry;
    const isBroken = state.refused.has(entry);
    if (region === secret.region) {
      throw new AwsError('InvalidParameterException', 'Invalid replica region.');
    }
    const there = secret.replicas.find((replica) => replica.region === region);
    // "Retry replication" (replicate-secrets_troubleshoot.html).
    if (there && !hasFailed(state, secret, there)) continue;
    secret.replicas = secret.replicas.filter((replica) => replica !== there);
    const replica: Replica = { region, kmsKeyId, visible: null, arriving: [], isBroken };
    secret.replicas.push(replica);
    send(state, secret, replica);
  }
}

function hasFailed(state: SecretsState, secret: Secret, replica: Replica): boolean {
  arrive(state, replica);
  return replica.isBroken && replica.visible !== secret.content;
}

export function replicationStatus(state: SecretsState, secret: Secret): ReplicationStatusType[] {
  return secret.replicas.map((replica) => {
    const isFailed = hasFailed(state, secret, replica);
    const isBehind = replica.visible !== secret.content;
    return {
      Region: replica.region,
      KmsKeyId: replica.kmsKeyId ?? 'alias/aws/secretsmanager',
      ...(!isBehind
        ? { Status: 'InSync', StatusMessage: 'Replication succeeded' }
        : isFailed
          ? { Status: 'Failed', StatusMessage: 'Replication failed: the key cannot be used' }
          : { Status: 'InProgress' }),
    };
  });
}
