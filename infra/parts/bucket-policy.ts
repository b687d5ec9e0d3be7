import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import type { Bucket } from 'aws-cdk-lib/aws-s3';

export type BucketGuard = {
  /** ARN of the one key that may encrypt what is in the bucket. */
  readonly keyArn: string;
  /** ARNs of the roles that put objects into it, and nobody else's. */
  readonly writers: readonly string[];
  /** The role of `breakGlassRole`; none where the configuration names none. */
  readonly breakGlass: readonly string[];
  /** ARNs of what CloudFormation acts as. */
  readonly deployers: readonly string[];
};

/** All that changes what an object holds, or what it is encrypted with; copies and uploads in parts are PutObject too. */
const writing = ['s3:PutObject', 's3:DeleteObject', 's3:ReplicateObject', 's3:ReplicateDelete'];

/** All by which earlier versions could be lost, or this policy be got rid of. */
const undoing = [
  's3:PutBucketVersioning',
  's3:PutLifecycleConfiguration',
  's3:PutReplicationConfiguration',
  's3:PutEncryptionConfiguration',
  's3:PutBucketPolicy',
  's3:DeleteBucketPolicy',
];

/**
 * Refuses, whatever rights people and roles of the account have. An object without a word about its encryption
 * gets that of the bucket, and is taken.
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
  // S3 then takes the key of AWS instead of the bucket's (API_PutObject.html, SSEKMSKeyId).
  deny('KeyOfAws', ['s3:PutObject'], all, { Null: { [algorithm]: 'false', [key]: 'true' } });
  deny('KeyOfCaller', ['s3:PutObject'], all, { Null: { [ofCaller]: 'false' } });
  deny('OtherWriters', writing, all, nobodyBut([...writers, ...breakGlass]));
  deny('LoseVersions', ['s3:DeleteObjectVersion'], all, nobodyBut(breakGlass));
  deny('Undo', undoing, bucket.bucketArn, {
    ...nobodyBut([...deployers, ...breakGlass]),
    // CloudFormation comes with a session of its own, whoever has asked it
    // (AWSCloudFormation/latest/UserGuide/fas-requests-and-permission-evaluation.html).
    'ForAllValues:StringNotEquals': { 'aws:CalledVia': ['cloudformation.amazonaws.com'] },
  });
}

const algorithm = 's3:x-amz-server-side-encryption';
const key = 's3:x-amz-server-side-encryption-aws-kms-key-id';
const ofCaller = 's3:x-amz-server-side-encryption-customer-algorithm';

/**
 * By name: for a session, the key is the ARN of its role. Nobody at all where nobody is named, since IAM takes no list
 * without an entry.
 */
function nobodyBut(roles: readonly string[]) {
  return roles.length > 0 ? { ArnNotEquals: { 'aws:PrincipalArn': [...roles] } } : {};
}
