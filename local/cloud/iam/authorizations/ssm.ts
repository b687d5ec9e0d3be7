import type { AddTagsToResourceCommandInput, PutParameterCommandInput } from '@aws-sdk/client-ssm';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Reference } from './reference.ts';
import { requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssmReference: Reference = {
  service: 'ssm',
  resource: (input: { readonly Name?: string; readonly ResourceId?: string }, asker) =>
    parameterArn(input.Name ?? input.ResourceId, asker),
};

export const ssmTable: Table = {
  AddTagsToResource(input: AddTagsToResourceCommandInput, asker, { tagsOf }) {
    const resource = parameterArn(input.ResourceId, asker);
    const context = { ...requestTags(input.Tags), ...resourceTags(tagsOf(resource)) };
    return [{ action: 'ssm:AddTagsToResource', resource, context }];
  },
  PutParameter(input: PutParameterCommandInput, asker, { tagsOf }) {
    const resource = parameterArn(input.Name, asker);
    const tags = { ...requestTags(input.Tags), ...resourceTags(tagsOf(resource)) };
    return [
      {
        action: 'ssm:PutParameter',
        resource,
        context: { ...tags, 'ssm:Overwrite': String(input.Overwrite ?? false) },
      },
      ...(input.Tags?.length ? [{ action: 'ssm:AddTagsToResource', resource, context: tags }] : []),
    ];
  },
};

/** The name's leading slash is the slash of the ARN, which contains no version and no label. */
function parameterArn(name: string | undefined, asker: Asker): string {
  if (name?.startsWith('arn:')) return name;
  const bare = (name ?? '').replace(/^\//, '').replace(/:[^/]*$/, '');
  return arnOf('ssm', asker, `parameter/${bare}`);
}
