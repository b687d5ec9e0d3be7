import * as module from '@aws-sdk/client-secrets-manager';
import { type Clock, secondMs } from '../../clock.ts';
import type { Operations } from '../../wire/service.ts';
import { type RunningService, serviceOf } from '../../wire/service-of.ts';
import { createSecret } from './create-secret.ts';
import { findSecret } from './find.ts';
import type { FoundSecret } from './found-secret.ts';
import { listSecrets, listSecretVersionIds } from './listings.ts';
import { removeRegionsFromReplication, replicateSecretToRegions } from './replication.ts';
import { deleteSecret, describeSecret, restoreSecret, tagResource } from './secrets.ts';
import { type SecretPlace, type SecretsState, send } from './state.ts';
import { getSecretValue, putSecretValue, updateSecretVersionStage } from './values.ts';

export type SecretsManager = {
  readonly operations: Operations;
  /** Finds a secret by name or ARN, as that account and region see it. */
  find(secretId: string | undefined, place: SecretPlace): FoundSecret | null;
  /** Makes the replica of this AddReplicaRegions entry `Failed`. */
  refuseReplica(entry: object): void;
  /** Stops replication to that region from now on; the replica's status is `Failed` once it is behind. */
  breakReplication(name: string, region: string): void;
  /** Lets the replica catch up again. */
  mendReplication(name: string, region: string): void;
  /** Every value of every version, none of which may ever appear in a log. */
  values(): readonly (string | Uint8Array)[];
};

export type SecretsManagerOptions = {
  readonly clock: Clock;
  /** The time until a change reaches a replica; two seconds by default. */
  readonly replicationMs?: number;
};

/** Secrets Manager with staging labels and replicas. A region sees its own secrets and the changes that have arrived there. */
export function secretsManager(options: SecretsManagerOptions): SecretsManager {
  const { clock, replicationMs = 2 * secondMs } = options;
  const state: SecretsState = { clock, replicationMs, secrets: [], refused: new WeakSet() };
  return {
    operations: {
      CreateSecret: (input, call) => createSecret(state, input, call),
      DescribeSecret: (input, call) => describeSecret(state, input, call),
      DeleteSecret: (input, call) => deleteSecret(state, input, call),
      RestoreSecret: (input, call) => restoreSecret(state, input, call),
      TagResource: (input, call) => tagResource(state, input, call),
      PutSecretValue: (input, call) => putSecretValue(state, input, call),
      GetSecretValue: (input, call) => getSecretValue(state, input, call),
      UpdateSecretVersionStage: (input, call) => updateSecretVersionStage(state, input, call),
      ListSecretVersionIds: (input, call) => listSecretVersionIds(state, input, call),
      ListSecrets: (input, call) => listSecrets(state, input, call),
      ReplicateSecretToRegions: (input, call) => replicateSecretToRegions(state, input, call),
      RemoveRegionsFromReplication: (input, call) =>
        removeRegionsFromReplication(state, input, call),
    },
    find: (secretId, place) => findSecret(state, secretId, place),
    refuseReplica: (entry) => void state.refused.add(entry),
    breakReplication(name, region) {
      for (const { replica } of replicasOf(state, name, region)) replica.isBroken = true;
    },
    mendReplication(name, region) {
      for (const { secret, replica } of replicasOf(state, name, region)) {
        replica.isBroken = false;
        send(state, secret, replica);
      }
    },
    values: () =>
      state.secrets.flatMap(({ content }) =>
        [...content.versions.values()].map(
          ({ value }) => value.SecretString ?? value.SecretBinary ?? '',
        ),
      ),
  };
}

function replicasOf(state: SecretsState, name: string, region: string) {
  const found = state.secrets
    .filter((secret) => secret.name === name)
    .flatMap((secret) => secret.replicas.map((replica) => ({ secret, replica })))
    .filter(({ replica }) => replica.region === region);
  if (found.length === 0) throw new Error(`${name} has no replica in ${region}`);
  return found;
}

export function secretsManagerService(service: SecretsManager): RunningService {
  return serviceOf('secretsmanager', module, module.SecretsManagerClient, service.operations);
}
