import { AwsError } from '../wire/service.ts';

export type ElbTag = { Key?: string | undefined; Value?: string | undefined };

const describedAtOnce = 20;

/**
 * DescribeTags takes 1 to 20 resources per call, in both APIs ("You can specify up to 20 resources in a single call",
 * API_DescribeTags.html of 2015-12-01; minimum 1 and maximum 20 in that of 2012-06-01).
 */
export function checkDescribed(asked: readonly string[]): void {
  if (asked.length >= 1 && asked.length <= describedAtOnce) return;
  throw new AwsError(
    'ValidationError',
    `1 to ${describedAtOnce} resources are described in a call`,
  );
}
const maxTags = 50;

/** Adds tags to a resource of either ELB API; both have the same limits and error names. */
export function putTags(held: Map<string, string>, added: readonly ElbTag[]): void {
  const keys = added.map((tag) => tag.Key ?? '');
  if (new Set(keys).size !== keys.length) {
    throw new AwsError('DuplicateTagKeysException', 'A tag key was specified more than once');
  }
  if (keys.some((key) => key === '' || key.length > 128 || key.startsWith('aws:'))) {
    throw new AwsError('ValidationError', 'A tag key is not valid');
  }
  if (new Set([...held.keys(), ...keys]).size > maxTags) {
    throw new AwsError('TooManyTagsException', `A resource has at most ${maxTags} tags`);
  }
  for (const { Key, Value } of added) held.set(Key as string, Value ?? '');
}

export function listTags(held: ReadonlyMap<string, string>): { Key: string; Value: string }[] {
  return [...held].map(([Key, Value]) => ({ Key, Value }));
}
