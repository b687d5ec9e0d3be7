import type {
  BucketLocationConstraint,
  CreateBucketCommandInput,
  DeleteBucketCommandInput,
  HeadBucketCommandInput,
  PutBucketVersioningCommandInput,
} from '@aws-sdk/client-s3';
import { AwsError, type Call } from '../../wire/service.ts';
import { supportOnly } from '../../wire/supported.ts';
import { bucketOf, type S3State } from './state.ts';

/** https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html */
const bucketName = /^(?!xn--)(?!\d+\.\d+\.\d+\.\d+$)[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]$/;

export function createBucket(state: S3State, input: CreateBucketCommandInput, call: Call): object {
  supportOnly('CreateBucket', input, ['Bucket', 'CreateBucketConfiguration']);
  const name = input.Bucket ?? '';
  if (!bucketName.test(name)) {
    throw new AwsError('InvalidBucketName', `The specified bucket is not valid: ${name}`);
  }
  const region = regionOf(input, call);
  const existing = state.buckets.get(name);
  if (existing?.account === call.account) {
    // Only in us-east-1 does it succeed to create one's own bucket again.
    if (existing.region === 'us-east-1' && call.region === 'us-east-1') {
      return { Location: `/${name}` };
    }
    throw new AwsError('BucketAlreadyOwnedByYou', 'You already own this bucket.', 409);
  }
  if (existing) {
    throw new AwsError('BucketAlreadyExists', 'The bucket name is not available.', 409);
  }
  state.buckets.set(name, {
    name,
    region,
    account: call.account,
    createdAt: state.clock.now(),
    versioning: undefined,
    encryption: undefined,
    keys: new Map(),
    sorted: [],
  });
  return { Location: `/${name}` };
}

function regionOf(input: CreateBucketCommandInput, call: Call): string {
  const asked: BucketLocationConstraint | string =
    input.CreateBucketConfiguration?.LocationConstraint ?? 'us-east-1';
  if (call.region === 'us-east-1' || asked === call.region) return asked;
  throw new AwsError(
    'IllegalLocationConstraintException',
    `The ${asked} location constraint is incompatible for the region specific endpoint ${call.region}.`,
  );
}

export function deleteBucket(state: S3State, input: DeleteBucketCommandInput, call: Call): object {
  const bucket = bucketOf(state, input, call);
  if (bucket.keys.size > 0) {
    throw new AwsError('BucketNotEmpty', 'The bucket you tried to delete is not empty', 409);
  }
  state.buckets.delete(bucket.name);
  return {};
}

export function headBucket(state: S3State, input: HeadBucketCommandInput, call: Call): object {
  return { BucketRegion: bucketOf(state, input, call).region };
}

export function putBucketVersioning(
  state: S3State,
  input: PutBucketVersioningCommandInput,
  call: Call,
): object {
  supportOnly('PutBucketVersioning', input, [
    'Bucket',
    'VersioningConfiguration',
    'ContentMD5',
    'ChecksumAlgorithm',
    'ExpectedBucketOwner',
  ]);
  const status = input.VersioningConfiguration?.Status;
  if (!status) throw new AwsError('IllegalVersioningConfigurationException', 'Status is missing.');
  bucketOf(state, input, call).versioning = status;
  return {};
}

export function listBuckets(state: S3State, call: Call): object {
  const own = [...state.buckets.values()].filter(({ account }) => account === call.account);
  return {
    Owner: { ID: call.account },
    Buckets: own
      .sort((left, right) => (left.name < right.name ? -1 : 1))
      .map(({ name, createdAt, region }) => ({
        Name: name,
        CreationDate: createdAt,
        BucketRegion: region,
      })),
  };
}
