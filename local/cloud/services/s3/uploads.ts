import type { PutObjectCommandInput } from '@aws-sdk/client-s3';
import { AwsError, type Call } from '../../wire/service.ts';
import { checkWrite } from './conditions.ts';
import { bucketOf, currentVersion, keyOf, type S3State } from './state.ts';

/**
 * A conditional write takes a while, and two can run at once: the first to finish succeeds. "If a conflicting operation
 * occurs during the upload S3 returns a 409 ConditionalRequestConflict response"
 * (https://docs.aws.amazon.com/AmazonS3/latest/API/API_PutObject.html, If-Match and If-None-Match); a write that begins
 * later fails its condition (412).
 */
export function afterUpload<Output>(
  state: S3State,
  input: Upload,
  call: Call,
  finish: () => Output,
): Output | Promise<Output> {
  const isConditional = input.IfMatch !== undefined || input.IfNoneMatch !== undefined;
  return isConditional ? unlessConflicting(state, input, call, finish) : finish();
}

type Upload = Pick<PutObjectCommandInput, 'Bucket' | 'Key' | 'IfMatch' | 'IfNoneMatch'>;

async function unlessConflicting<Output>(
  state: S3State,
  input: Upload,
  call: Call,
  finish: () => Output,
): Promise<Output> {
  const newest = () => bucketOf(state, input, call).keys.get(keyOf(input))?.[0];
  const before = newest();
  checkWrite(input, currentVersion(bucketOf(state, input, call), keyOf(input)));
  await new Promise(setImmediate);
  if (newest() === before) return finish();
  throw new AwsError(
    'ConditionalRequestConflict',
    'The conditional request cannot succeed due to a conflicting operation against this resource.',
    409,
  );
}
