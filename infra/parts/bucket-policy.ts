import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

export type BucketGuard = {
  /** The ARN of the only key that may encrypt objects of the bucket. */
  readonly keyArn: string;
  /** The ARNs of the only roles that put objects into it. */
  readonly writers: readonly string[];
  /** The ARN of `breakGlassRole`; empty where the configuration names none. */
  readonly breakGlass: readonly string[];
  /** The ARNs of the roles in which CloudFormation deploys. */
  readonly deployers: readonly string[];
};

/** Every action that changes an object's content or encryption; copies and multipart uploads are PutObject too. */
const writing = ['s3:PutObject', 's3:DeleteObject', 's3:ReplicateObject', 's3:ReplicateDelete'];

/** Every action that could delete earlier versions, or this policy. */
const undoing = [
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
];

/**
 * Denies, whatever rights people and roles of the account have. An object without encryption headers gets the bucket's
 * encryption, and is accepted.
 */
export function guardBucket(bucket: Bucket, guard: BucketGuard): void {
  const all = bucket.arnForObjects('*');
  const { keyArn, writers, breakGlass, deployers } = guard;
  const deny = (sid: string, actions: readonly string[], resource: string, conditions: object) =>
    bucket.addToResourcePolicy(
      new PolicyStatement({
        sid,
        effect: Effect.DENY,
        principals: [new AnyPrincipal()],
        actions: [...actions],
        resources: [resource],
        conditions: { ...conditions },
      }),
    );

  deny('OtherAlgorithm', ['s3:PutObject'], all, {
    StringNotEquals: { [algorithm]: 'aws:kms' },
    Null: { [algorithm]: 'false' },
  });
  deny('OtherKey', ['s3:PutObject'], all, {
    StringNotEquals: { [key]: keyArn },
    Null: { [key]: 'false' },
  });
  // S3 would then use AWS's key instead of the bucket's (API_PutObject.html, SSEKMSKeyId).
  deny('KeyOfAws', ['s3:PutObject'], all, { Null: { [algorithm]: 'false', [key]: 'true' } });
  deny('KeyOfCaller', ['s3:PutObject'], all, { Null: { [ofCaller]: 'false' } });
  deny('OtherWriters', writing, all, nobodyBut([...writers, ...breakGlass]));
  deny('LoseVersions', ['s3:DeleteObjectVersion'], all, nobodyBut(breakGlass));
  deny('Undo', undoing, bucket.bucketArn, {
    ...nobodyBut([...deployers, ...breakGlass]),
    // CloudFormation uses its own session, whoever has called it
    // (AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html).
    'ForAllValues:StringNotEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] },
  });
}

const algorithm = 's3:x-amz-server-side-encryption';
const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const ofCaller = 's3:x-amz-server-side-encryption-customer-algorithm';

/**
 * Matches all principals except these roles: for a session, the condition key is the ARN of its role. Matches everybody
 * where the list is empty, since IAM accepts no empty list.
 */
function nobodyBut(roles: readonly string[]) {
  return roles.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': [...roles] } } : {};
}
