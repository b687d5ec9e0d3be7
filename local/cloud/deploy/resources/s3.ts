import * as z from 'zod';
import { domainOf } from '../../region.ts';
import { placelessArnOf } from '../../wire/arn.ts';
import { ask } from '../../wire/service.ts';
import { policyDocument, provider } from '../provider.ts';

const lifecycleRule = z.strictObject({
  Id: z.string().optional(),
  Status: z.enum(['Enabled', 'Disabled']),
  Prefix: z.string().optional(),
  ExpirationInDays: z.number().optional(),
  NoncurrentVersionExpiration: z.strictObject({ NoncurrentDays: z.number() }).optional(),
  AbortIncompleteMultipartUpload: z.strictObject({ DaysAfterInitiation: z.number() }).optional(),
});

const encryptionRule = z.strictObject({
  ServerSideEncryptionByDefault: z.strictObject({
    SSEAlgorithm: z.enum(['AES256', 'aws:kms']),
    KMSMasterKeyID: z.string().optional(),
  }),
  BucketKeyEnabled: z.boolean().default(false),
});

/** Public access and lifecycles are read and have no effect: nobody here is the public, and nothing expires. */
const bucketProperties = z.strictObject({
  BucketName: z.string().optional(),
  VersioningConfiguration: z.strictObject({ Status: z.enum(['Enabled', 'Suspended']) }).optional(),
  BucketEncryption: z
    .strictObject({ ServerSideEncryptionConfiguration: z.tuple([encryptionRule]) })
    .optional(),
  PublicAccessBlockConfiguration: z
    .strictObject({
      BlockPublicAcls: z.boolean().optional(),
      BlockPublicPolicy: z.boolean().optional(),
      IgnorePublicAcls: z.boolean().optional(),
      RestrictPublicBuckets: z.boolean().optional(),
    })
    .optional(),
  LifecycleConfiguration: z.strictObject({ Rules: z.array(lifecycleRule) }).optional(),
});

type BucketProperties = z.output<typeof bucketProperties>;

export const bucket = provider<BucketProperties>({
  properties: bucketProperties,
  identity: ['BucketName'],
  put(properties, { call, cloud, madeName }, before) {
    const Bucket = properties.BucketName ?? madeName.toLowerCase();
    if (!before) ask(cloud.s3, 'CreateBucket', { Bucket, ...locationIn(call.region) }, call);
    const wanted = properties.VersioningConfiguration;
    // Versioning can only be suspended once it was enabled.
    const versioning = wanted ?? (before?.properties.VersioningConfiguration && suspended);
    if (versioning) {
      const input = { Bucket, VersioningConfiguration: versioning };
      ask(cloud.s3, 'PutBucketVersioning', input, call);
    }
    const [rule] = properties.BucketEncryption?.ServerSideEncryptionConfiguration ?? [];
    const encryption = rule && {
      ApplyServerSideEncryptionByDefault: rule.ServerSideEncryptionByDefault,
      BucketKeyEnabled: rule.BucketKeyEnabled,
    };
    cloud.s3.configure(Bucket, encryption, call);
    const { region } = call;
    const Arn = placelessArnOf('s3', call, Bucket);
    const key = rule?.ServerSideEncryptionByDefault.KMSMasterKeyID ?? null;
    cloud.iam.useKey(Arn, key, { bucketKey: rule?.BucketKeyEnabled ?? false });
    return {
      ref: Bucket,
      attributes: {
        Arn,
        DomainName: `${Bucket}.s3.${domainOf(region)}`,
        RegionalDomainName: `${Bucket}.s3.${region}.${domainOf(region)}`,
      },
    };
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.s3, 'DeleteBucket', { Bucket: placed.ref }, call);
    cloud.policies.put(placed.attributes?.Arn ?? '', null);
  },
});

const suspended = { Status: 'Suspended' } as const;

function locationIn(region: string) {
  if (region === 'us-east-1') return {};
  return { CreateBucketConfiguration: { LocationConstraint: region } };
}

const policyProperties = z.strictObject({ Bucket: z.string(), PolicyDocument: policyDocument });

export const bucketPolicy = provider<z.output<typeof policyProperties>>({
  properties: policyProperties,
  identity: ['Bucket'],
  put({ Bucket, PolicyDocument }, { call, cloud }) {
    cloud.policies.put(placelessArnOf('s3', call, Bucket), PolicyDocument);
    return { ref: Bucket };
  },
  remove({ placed }, { call, cloud }) {
    cloud.policies.put(placelessArnOf('s3', call, placed.ref), null);
  },
});
