import type {
  AddTagsToResourceCommandInput,
  ListTagsForResourceCommandInput,
  ListTagsForResourceResult,
} from '@aws-sdk/client-ssm';
import { AwsError, type Call } from '../../wire/service.ts';
import { notImplemented } from '../not-implemented.ts';
import { canonical, invalid } from './names.ts';
import { keyOf, type Parameter, type SsmState } from './state.ts';

const maxTags = 50;

/** https://docs.aws.amazon.com/systems-manager/latest/APIReference/API_AddTagsToResource.html */
export function addTagsToResource(
  state: SsmState,
  { ResourceId, ResourceType, Tags = [] }: AddTagsToResourceCommandInput,
  call: Call,
): object {
  const parameter = taggedOf(state, { ResourceId, ResourceType }, call);
  if (Tags.some(({ Key = '' }) => Key === '' || Key.length > 128 || Key.startsWith('aws:'))) {
    throw invalid('Tag keys have 1 to 128 characters and do not begin with aws:.');
  }
  const tags = new Map([
    ...parameter.tags,
    ...Tags.map(({ Key = '', Value = '' }) => [Key, Value] as const),
  ]);
  if (tags.size > maxTags) {
    throw new AwsError('TooManyTagsError', `A resource has at most ${maxTags} tags.`);
  }
  state.parameters.set(keyOf(parameter.name, call), { ...parameter, tags });
  return {};
}

export function listTagsForResource(
  state: SsmState,
  asked: ListTagsForResourceCommandInput,
  call: Call,
): ListTagsForResourceResult {
  const { tags } = taggedOf(state, asked, call);
  return { TagList: [...tags].map(([Key, Value]) => ({ Key, Value })) };
}

function taggedOf(
  { parameters }: SsmState,
  {
    ResourceId = '',
    ResourceType,
  }: Pick<ListTagsForResourceCommandInput, 'ResourceId' | 'ResourceType'>,
  call: Call,
): Parameter {
  if (ResourceType !== 'Parameter') {
    throw notImplemented('AddTagsToResource', `the resource type ${ResourceType}`);
  }
  const parameter = parameters.get(keyOf(canonical(ResourceId), call));
  if (parameter) return parameter;
  throw new AwsError(
    'InvalidResourceId',
    'The resource ID is not valid. Verify that you entered the correct ID and try again.',
  );
}
