import * as z from 'zod';
import type { Key } from '../../services/kms.ts';
import { arnOf } from '../../wire/arn.ts';
import { type Placed, policyDocument, provider } from '../provider.ts';

/** The days between the deletion of the resource and the end of the key. */
const pendingWindow = z.int().min(7).max(30).default(30);

const keyProperties = z.strictObject({
  Description: z.string().default(''),
  /** KMS rotates the key material by itself; nothing here sees it. */
  EnableKeyRotation: z.boolean().optional(),
  RotationPeriodInDays: z.number().optional(),
  PendingWindowInDays: pendingWindow,
  KeyPolicy: policyDocument,
  MultiRegion: z.boolean().default(false),
});

export const key = provider<z.output<typeof keyProperties>>({
  properties: keyProperties,
  identity: ['MultiRegion'],
  put({ Description, KeyPolicy, MultiRegion }, { call, cloud }, before) {
    const placed =
      before?.placed ??
      placedKey(cloud.kms.createKey(call, { multiRegion: MultiRegion, description: Description }));
    cloud.policies.put(placed.attributes?.Arn ?? '', KeyPolicy);
    return placed;
  },
  remove({ placed, properties }, { cloud }) {
    cloud.kms.scheduleKeyDeletion(placed.attributes?.Arn ?? '', properties.PendingWindowInDays);
    cloud.policies.put(placed.attributes?.Arn ?? '', null);
  },
});

const replicaProperties = z.strictObject({
  Description: z.string().default(''),
  PendingWindowInDays: pendingWindow,
  KeyPolicy: policyDocument,
  PrimaryKeyArn: z.string(),
});

export const replicaKey = provider<z.output<typeof replicaProperties>>({
  properties: replicaProperties,
  identity: ['PrimaryKeyArn'],
  put({ Description, KeyPolicy, PrimaryKeyArn }, { call, cloud }, before) {
    const wanted = { primaryArn: PrimaryKeyArn, description: Description };
    const placed = before?.placed ?? placedKey(cloud.kms.replicateKey(call, wanted));
    cloud.policies.put(placed.attributes?.Arn ?? '', KeyPolicy);
    return placed;
  },
  remove: key.remove as never,
});

function placedKey({ arn, id }: Key): Placed {
  return { ref: id, attributes: { Arn: arn, KeyId: id } };
}

const aliasProperties = z.strictObject({ AliasName: z.string(), TargetKeyId: z.string() });

export const alias = provider<z.output<typeof aliasProperties>>({
  properties: aliasProperties,
  identity: ['AliasName'],
  put({ AliasName, TargetKeyId }, { call, cloud }, before) {
    if (before) cloud.kms.updateAlias(call, AliasName, TargetKeyId);
    else cloud.kms.createAlias(call, AliasName, TargetKeyId);
    const { arn = null } = cloud.kms.find(call, AliasName) ?? {};
    cloud.iam.useKey(arnOf('kms', call, AliasName), arn);
    return { ref: AliasName };
  },
  remove({ placed }, { call, cloud }) {
    cloud.kms.deleteAlias(call, placed.ref);
    cloud.iam.useKey(arnOf('kms', call, placed.ref), null);
  },
});
