import type {
  GetSecretValueCommandInput,
  GetSecretValueResponse,
  PutSecretValueCommandInput,
  PutSecretValueResponse,
  UpdateSecretVersionStageCommandInput,
  UpdateSecretVersionStageResponse,
} from '@aws-sdk/client-secrets-manager';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import {
  arnOf,
  change,
  livingSecret,
  primarySecret,
  type Secret,
  type SecretsState,
} from './state.ts';
import { tokenOf } from './token.ts';
import {
  checkValue,
  current,
  holderOf,
  type SecretVersion,
  sameValue,
  type Versions,
  withinLabels,
  withLabel,
  withVersion,
} from './versions.ts';

export function putSecretValue(
  state: SecretsState,
  input: PutSecretValueCommandInput,
  call: Call,
): PutSecretValueResponse {
  supportOnly('PutSecretValue', input, [
    'SecretId',
    'ClientRequestToken',
    'SecretString',
    'SecretBinary',
    'VersionStages',
  ]);
  const secret = primarySecret(state, input.SecretId, call);
  checkValue(input);
  const token = tokenOf(input.ClientRequestToken);
  const existing = secret.content.versions.get(token);
  if (!existing) addVersion(state, secret, token, input);
  else if (!sameValue(existing.value, input)) {
    throw new AwsError(
      'ResourceExistsException',
      `You can't use ClientRequestToken ${token} because that value is already in use for a version of secret ${arnOf(secret, call.region)}.`,
    );
  }
  return {
    ARN: arnOf(secret, call.region),
    Name: secret.name,
    VersionId: token,
    VersionStages: [...(secret.content.versions.get(token)?.stages ?? [])],
  };
}

function addVersion(
  state: SecretsState,
  secret: Secret,
  id: string,
  { SecretString, SecretBinary, VersionStages: stages = [current] }: PutSecretValueCommandInput,
): void {
  if (stages.length === 0) {
    throw new AwsError('InvalidParameterException', 'VersionStages must not be empty.');
  }
  const version = { id, value: { SecretString, SecretBinary }, createdAt: state.clock.now() };
  change(state, secret, { versions: withVersion(secret.content.versions, version, stages) });
}

export function getSecretValue(
  state: SecretsState,
  input: GetSecretValueCommandInput,
  call: Call,
): GetSecretValueResponse {
  const { secret, content } = livingSecret(state, input.SecretId, call);
  const version = wantedVersion(content.versions, input);
  return {
    ARN: arnOf(secret, call.region),
    Name: secret.name,
    VersionId: version.id,
    VersionStages: [...version.stages],
    CreatedDate: version.createdAt,
    ...version.value,
  };
}

function wantedVersion(
  versions: Versions,
  { VersionId: id, VersionStage: stage }: GetSecretValueCommandInput,
): SecretVersion {
  const version = id === undefined ? holderOf(versions, stage ?? current) : versions.get(id);
  if (!version) {
    const wanted = id === undefined ? `staging label: ${stage ?? current}` : `VersionId: ${id}`;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret value for ${wanted}`,
    );
  }
  if (id !== undefined && stage !== undefined && !version.stages.includes(stage)) {
    throw new AwsError(
      'InvalidRequestException',
      `You provided a VersionStage that is not associated to the provided VersionId.`,
    );
  }
  return version;
}

/** https://docs.aws.amazon.com/secretsmanager/latest/apireference/API_UpdateSecretVersionStage.html */
export function updateSecretVersionStage(
  state: SecretsState,
  input: UpdateSecretVersionStageCommandInput,
  call: Call,
): UpdateSecretVersionStageResponse {
  const secret = primarySecret(state, input.SecretId, call);
  const { VersionStage: stage = '', MoveToVersionId: to, RemoveFromVersionId: from } = input;
  const { versions } = secret.content;
  checkMove(versions, stage, to, from);
  const moved = withinLabels(withLabel(versions, stage, to ?? null));
  if (moved !== versions) change(state, secret, { versions: moved });
  return { ARN: arnOf(secret, call.region), Name: secret.name };
}

function checkMove(
  versions: Versions,
  stage: string,
  to: string | undefined,
  from: string | undefined,
): void {
  for (const id of [to, from]) {
    if (id === undefined || versions.has(id)) continue;
    throw new AwsError(
      'ResourceNotFoundException',
      `Secrets Manager can't find the specified secret version: ${id}`,
    );
  }
  const holder = holderOf(versions, stage);
  if (from !== undefined && holder?.id !== from) {
    throw new AwsError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId is invalid. Staging label ${stage} is not attached to version ${from}.`,
    );
  }
  if (to === undefined && stage === current) {
    throw new AwsError(
      'InvalidParameterException',
      `You can only move staging label ${stage} to a different secret version. It can't be completely removed.`,
    );
  }
  if (holder && from === undefined && holder.id !== to) {
    throw new AwsError(
      'InvalidParameterException',
      `The parameter RemoveFromVersionId can't be empty. Staging label ${stage} is currently attached to version ${holder.id}, so you must explicitly reference that version in RemoveFromVersionId.`,
    );
  }
}
