import type {
  ListTagsForResourceCommandInput,
  Tag,
  TagResourceCommandInput,
} from '@aws-sdk/client-cloudfront';
import { AwsError, type Call } from '../../wire/service.ts';
import type { CloudFrontState, Distribution } from './state.ts';

const maxTags = 50;

export function tagResource(
  state: CloudFrontState,
  { Resource, Tags }: TagResourceCommandInput,
  call: Call,
) {
  putTags(distributionBehind(state, Resource, call), Tags?.Items ?? []);
  return {};
}

export function listTagsForResource(
  state: CloudFrontState,
  { Resource }: ListTagsForResourceCommandInput,
  call: Call,
) {
  const { tags } = distributionBehind(state, Resource, call);
  return { Tags: { Items: [...tags].map(([Key, Value]) => ({ Key, Value })) } };
}

export function putTags({ tags }: Pick<Distribution, 'tags'>, added: readonly Tag[]): void {
  const isValid = ({ Key = '', Value = '' }: Tag) =>
    Key !== '' && Key.length <= 128 && !Key.startsWith('aws:') && Value.length <= 256;
  if (!added.every(isValid)) throw new AwsError('InvalidTagging', 'A tag is not valid.');
  if (new Set([...tags.keys(), ...added.map(({ Key }) => Key)]).size > maxTags) {
    throw new AwsError('InvalidTagging', `A resource has at most ${maxTags} tags.`);
  }
  for (const { Key = '', Value = '' } of added) tags.set(Key, Value);
}

function distributionBehind(
  { distributions }: CloudFrontState,
  arn: string | undefined,
  { account }: Call,
): Distribution {
  const found = [...distributions.values()].find((each) => each.arn === arn);
  if (found?.account === account) return found;
  throw new AwsError('NoSuchResource', 'A resource that was specified is not valid.', 404);
}
