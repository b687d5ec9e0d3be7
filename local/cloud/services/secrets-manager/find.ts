import type { FoundSecret } from './found-secret.ts';
import { arnOf, type SecretPlace, type SecretsState, soughtSecret } from './state.ts';
import { current, holderOf } from './versions.ts';

export function findSecret(
  state: SecretsState,
  secretId: string | undefined,
  place: SecretPlace,
): FoundSecret | null {
  const found = soughtSecret(state, secretId, place);
  if (!found) return null;
  const { secret, content, isReplica } = found;
  const replica = isReplica && secret.replicas.find(({ region }) => region === place.region);
  return {
    arn: arnOf(secret, place.region),
    tags: content.tags,
    kmsKeyId: replica ? replica.kmsKeyId : content.kmsKeyId,
    primaryRegion: secret.region,
    hasVersion: (id) => content.versions.has(id),
    versionOf: (id, stage = current) =>
      (id === undefined ? holderOf(content.versions, stage) : content.versions.get(id))?.id ?? null,
  };
}
