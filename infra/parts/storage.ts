import { Duration, RemovalPolicy, Validations } from 'aws-cdk-lib';
import { CfnAlias, type IKey, Key } from 'aws-cdk-lib/aws-kms';
import { BlockPublicAccess, Bucket, BucketEncryption } from 'aws-cdk-lib/aws-s3';
import type { Construct } from 'constructs';
import type { Config } from '#shared/config/config.ts';
import { namesOf } from '#shared/installation.ts';
import { arnsIn } from '../arns.ts';
import { breakGlassArns } from '../rights/break-glass.ts';
import { writersOf } from '../rights/writers.ts';
import { guardBucket } from './bucket-policy.ts';
import { deployersOf } from './deployers.ts';

/**
 * Keeps a resource when its stack is deleted, but not when its creation fails: it would then hold the name that the next
 * try needs (https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-attribute-deletionpolicy.html).
 */
export const outlivesStack = RemovalPolicy.RETAIN_ON_UPDATE_OR_DELETE;

/** The one key of an installation. It outlives the stack: without it nobody can read a secret or a record. */
export function createKey(scope: Construct, alias: string): Key {
  return new Key(scope, 'Key', {
    description: `The keys, records and messages of ${alias.replace('alias/', '')}.`,
    multiRegion: true,
    enableKeyRotation: true,
    removalPolicy: outlivesStack,
  });
}

/** The alias is the same in every region, so that a secret and its replicas name their key alike. */
export function createAlias(scope: Construct, aliasName: string, targetKeyId: string): void {
  new CfnAlias(scope, 'KeyAlias', { aliasName, targetKeyId });
}

/**
 * Holds records and public parts. A restore begins with earlier versions of records, which are kept for a year after they
 * were replaced.
 */
export function createBucket(
  scope: Construct,
  bucketName: string,
  { config, encryptionKey }: { readonly config: Config; readonly encryptionKey: IKey },
): Bucket {
  const bucket = new Bucket(scope, 'Bucket', {
    bucketName,
    versioned: true,
    encryption: BucketEncryption.KMS,
    encryptionKey,
    bucketKeyEnabled: true,
    blockPublicAccess: BlockPublicAccess.BLOCK_ALL,
    enforceSSL: true,
    minimumTLSVersion: 1.2,
    removalPolicy: outlivesStack,
    lifecycleRules: [
      { id: 'earlier-versions', noncurrentVersionExpiration: Duration.days(365) },
      // Marks of releases before told/told.json.
      { id: 'told-events', prefix: 'alerts/', expiration: Duration.days(90) },
      { id: 'unfinished-uploads', abortIncompleteMultipartUploadAfter: Duration.days(1) },
    ],
  });
  Validations.of(bucket).acknowledge({
    id: 'AwsSolutions-S1',
    reason:
      'Access logs would need a second bucket. CloudTrail data events tell who read what, and the bucket holds nothing secret.',
  });
  const { role } = arnsIn(config.home);
  guardBucket(bucket, {
    keyArn: encryptionKey.keyArn,
    writers: writersOf(bucketName, config).map((name) => role(namesOf(config).role(name))),
    breakGlass: breakGlassArns(config),
    deployers: deployersOf(scope),
  });
  return bucket;
}
