import type {
  CreateSecretCommandInput,
  DeleteSecretCommandInput,
  GetSecretValueCommandInput,
  PutSecretValueCommandInput,
  ReplicaRegionType,
  ReplicateSecretToRegionsCommandInput,
  TagResourceCommandInput,
  UpdateSecretVersionStageCommandInput,
} from '@aws-sdk/client-secrets-manager';
import type { FoundSecret } from '../../services/secrets-manager/found-secret.ts';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Resources } from '../resources.ts';
import { type KeyAction, keyNamed, keyUse, knownKey } from './keys.ts';
import {
  type AccessRequest,
  type Context,
  given,
  onAll,
  type Row,
  requestTags,
  resourceTags,
  type Table,
} from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssecretsmanager.html */
export const secretsManagerTable: Table = {
  CreateSecret: createSecret,
  ReplicateSecretToRegions(input: ReplicateSecretToRegionsCommandInput, asker, resources) {
    const secret = resources.secret(input.SecretId, asker);
    return [
      ...onSecret('ReplicateSecretToRegions', replicaRegions(input))(input, asker, resources),
      ...(secret
        ? replicating(secret.arn, keyOf(secret, asker, resources), input, asker, resources)
        : []),
    ];
  },
  RemoveRegionsFromReplication: onSecret('RemoveRegionsFromReplication'),
  DescribeSecret: onSecret('DescribeSecret'),
  DeleteSecret: (input: DeleteSecretCommandInput, asker, resources) =>
    onSecret(
      'DeleteSecret',
      given({
        'secretsmanager:RecoveryWindowInDays': input.RecoveryWindowInDays,
        'secretsmanager:ForceDeleteWithoutRecovery': input.ForceDeleteWithoutRecovery,
      }),
    )(input, asker, resources),
  RestoreSecret: onSecret('RestoreSecret'),
  TagResource: (input: TagResourceCommandInput, asker, resources) =>
    onSecret('TagResource', requestTags(input.Tags))(input, asker, resources),
  PutSecretValue(input: PutSecretValueCommandInput, asker, resources) {
    const secret = resources.secret(input.SecretId, asker);
    const token = input.ClientRequestToken ?? '';
    const isRepeated = secret?.hasVersion(token);
    return [
      ...onSecret('PutSecretValue')(input, asker, resources),
      // "Most PutSecretValue requests do not trigger a Decrypt operation"; one for a version that is there
      // compares the values (security-encryption.html).
      ...valueKeyUse(
        secret,
        isRepeated ? ['GenerateDataKey', 'Decrypt'] : ['GenerateDataKey'],
        token,
        asker,
        resources,
      ),
    ];
  },
  GetSecretValue(input: GetSecretValueCommandInput, asker, resources) {
    const { SecretId, VersionId, VersionStage } = input;
    const secret = resources.secret(SecretId, asker);
    const which = given({
      'secretsmanager:VersionId': VersionId,
      'secretsmanager:VersionStage': VersionStage,
    });
    const version = secret?.versionOf(VersionId, VersionStage);
    return [
      ...onSecret('GetSecretValue', which)(input, asker, resources),
      ...(version ? valueKeyUse(secret, ['Decrypt'], version, asker, resources) : []),
    ];
  },
  UpdateSecretVersionStage: (input: UpdateSecretVersionStageCommandInput, asker, resources) =>
    onSecret(
      'UpdateSecretVersionStage',
      given({ 'secretsmanager:VersionStage': input.VersionStage }),
    )(input, asker, resources),
  ListSecretVersionIds: onSecret('ListSecretVersionIds'),
  ListSecrets: onAll('secretsmanager:ListSecrets'),
};

/**
 * "If you include tags in the secret, you also need secretsmanager:TagResource. To add replica Regions,
 * you must also have secretsmanager:ReplicateSecretToRegions" (API_CreateSecret.html).
 */
function createSecret(
  input: CreateSecretCommandInput,
  asker: Asker,
  resources: Resources,
): readonly AccessRequest[] {
  const { Name = '', KmsKeyId, Tags, ClientRequestToken = '' } = input;
  const existing = resources.secret(Name, asker);
  // "…:secret:MyTestDatabaseSecret alone will not suffice": AWS asks about the name with the six characters
  // that it is going to add (iann0036/iam-dataset pull 22, tested there).
  const resource = existing?.arn ?? arnOf('secretsmanager', asker, `secret:${Name}-??????`);
  const key = keyNamed(KmsKeyId, asker, resources);
  const tags = requestTags(Tags);
  const regions = replicaRegions(input);
  const context: Context = {
    ...tags,
    ...regions,
    ...given({
      'secretsmanager:Name': Name,
      'secretsmanager:Description': input.Description,
      'secretsmanager:KmsKeyId': KmsKeyId,
      'secretsmanager:KmsKeyArn': key ?? undefined,
    }),
  };
  const asked = (action: string, of: Context) => ({
    action: `secretsmanager:${action}`,
    resource,
    context: of,
    shown: Name,
  });
  const hasValue = input.SecretString !== undefined || input.SecretBinary !== undefined;
  const use = (actions: readonly KeyAction[], SecretVersionId: string) => {
    const encryptionContext = { SecretARN: resource, SecretVersionId };
    return keyUse({ key, actions, via: 'secretsmanager', encryptionContext }, asker);
  };
  return [
    asked('CreateSecret', context),
    ...(Tags?.length ? [asked('TagResource', tags)] : []),
    ...(input.AddReplicaRegions?.length ? [asked('ReplicateSecretToRegions', regions)] : []),
    // "Validating access to the KMS key" (security-encryption.html).
    ...use(['GenerateDataKey', 'Decrypt'], 'RequestToValidateKeyAccess'),
    ...(hasValue ? use(['GenerateDataKey'], ClientRequestToken) : []),
    ...replicating(resource, key, input, asker, resources),
  ];
}

type Replicating = { readonly AddReplicaRegions?: readonly ReplicaRegionType[] | undefined };

function replicaRegions({ AddReplicaRegions }: Replicating): Context {
  if (!AddReplicaRegions?.length) return {};
  const regions = AddReplicaRegions.map(({ Region = '' }) => Region);
  return { 'secretsmanager:AddReplicaRegions': regions };
}

/**
 * "If the primary secret is encrypted with a KMS key other than aws/secretsmanager, you also need kms:Decrypt permission to
 * the key. To encrypt the replicated secret with a KMS key other than aws/secretsmanager, you need kms:GenerateDataKey and
 * kms:Encrypt to the key" (API_ReplicateSecretToRegions.html). A caller that creates or changes a value also needs
 * kms:Decrypt (security-encryption.html, "Permissions for the KMS key"); this cloud requires what both pages say. Without
 * these rights, the call succeeds and the replica is `Failed`: "No permissions available on the KMS key to complete the
 * replication" (replicate-secrets-troubleshoot.html).
 */
function replicating(
  secretArn: string,
  primaryKey: string | null,
  { AddReplicaRegions = [] }: Replicating,
  asker: Asker,
  resources: Resources,
): readonly AccessRequest[] {
  return AddReplicaRegions.flatMap((replica) => {
    // AWS does not document which region's endpoint kms:ViaService names here; this cloud takes the replica's.
    const there = { ...asker, region: replica.Region ?? '' };
    const key = knownKey(replica.KmsKeyId, there, resources);
    const ifDenied = () => resources.refuseReplica(replica);
    if (key === undefined) ifDenied();
    const use = (of: string | null, actions: readonly KeyAction[], place: Asker) => {
      const SecretARN = secretArn.replace(`:${asker.region}:`, `:${place.region}:`);
      const encryptionContext = { SecretARN };
      return keyUse({ key: of, actions, via: 'secretsmanager', encryptionContext }, place);
    };
    return [
      ...use(primaryKey, ['Decrypt'], asker),
      ...use(key ?? null, ['GenerateDataKey', 'Encrypt', 'Decrypt'], there),
    ].map((request) => ({ ...request, ifDenied }));
  });
}

function onSecret(action: string, more: Context = {}): Row {
  return ({ SecretId = '' }: { SecretId?: string | undefined }, asker, resources) => {
    const secret = resources.secret(SecretId, asker);
    const named = SecretId.startsWith('arn:')
      ? SecretId
      : arnOf('secretsmanager', asker, `secret:${SecretId}`);
    const context = {
      ...resourceTags(secret?.tags ?? null),
      ...given({
        'secretsmanager:SecretId': secret?.arn,
        'secretsmanager:SecretPrimaryRegion': secret?.primaryRegion,
      }),
      ...more,
    };
    return [
      {
        action: `secretsmanager:${action}`,
        // A name alone means the stored ARN, with its suffix; a missing secret has none.
        resource: secret?.arn ?? named,
        context,
        shown: SecretId,
      },
    ];
  };
}

function keyOf(secret: FoundSecret, asker: Asker, resources: Resources): string | null {
  return keyNamed(secret.kmsKeyId, asker, resources) ?? resources.encryptionOf(secret.arn).key;
}

function valueKeyUse(
  secret: FoundSecret | null,
  actions: readonly KeyAction[],
  SecretVersionId: string,
  asker: Asker,
  resources: Resources,
): readonly AccessRequest[] {
  if (!secret) return [];
  const key = keyOf(secret, asker, resources);
  const encryptionContext = { SecretARN: secret.arn, SecretVersionId };
  return keyUse({ key, actions, via: 'secretsmanager', encryptionContext }, asker);
}
