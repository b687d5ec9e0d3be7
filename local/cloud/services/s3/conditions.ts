import { AwsError } from '../../wire/service.ts';
import type { ObjectVersion } from './state.ts';

type WriteConditions = {
  readonly IfMatch?: string | undefined;
  readonly IfNoneMatch?: string | undefined;
};

/**
 * Conditional writes, on which certkeep's ledger relies.
 * https://docs.aws.amazon.com/AmazonS3/latest/userguide/conditional-writes.html
 */
export function checkWrite(conditions: WriteConditions, current: ObjectVersion | null): void {
  const { IfMatch, IfNoneMatch } = conditions;
  if (IfMatch !== undefined && IfNoneMatch !== undefined) {
    throw new AwsError('InvalidRequest', 'If-Match and If-None-Match exclude each other.');
  }
  if (IfNoneMatch !== undefined && IfNoneMatch !== '*') {
    throw new AwsError('NotImplemented', 'If-None-Match takes only * on writes.', 501);
  }
  if (IfNoneMatch === '*' && current) throw preconditionFailed();
  if (IfMatch === undefined) return;
  if (!current) throw noSuchKey();
  if (!matches(IfMatch, current)) throw preconditionFailed();
}

/** `If-Match` of a delete also accepts `*`: any object, but one must exist. */
export function checkDelete(ifMatch: string | undefined, current: ObjectVersion | null): void {
  if (ifMatch === undefined) return;
  if (!current) throw noSuchKey();
  if (ifMatch !== '*' && !matches(ifMatch, current)) throw preconditionFailed();
}

export function checkRead(conditions: WriteConditions, version: ObjectVersion): void {
  const { IfMatch, IfNoneMatch } = conditions;
  if (IfMatch !== undefined && !matches(IfMatch, version)) throw preconditionFailed();
  if (IfNoneMatch !== undefined && matches(IfNoneMatch, version)) {
    throw new AwsError('NotModified', 'Not Modified', 304);
  }
}

function matches(given: string, version: ObjectVersion): boolean {
  return given === '*' || given.replaceAll('"', '') === version.etag.replaceAll('"', '');
}

export function noSuchKey(): AwsError {
  return new AwsError('NoSuchKey', 'The specified key does not exist.', 404);
}

function preconditionFailed(): AwsError {
  return new AwsError(
    'PreconditionFailed',
    'At least one of the pre-conditions you specified did not hold',
    412,
  );
}
