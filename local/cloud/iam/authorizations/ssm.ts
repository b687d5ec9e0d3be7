import type {
  AddTagsToResourceCommandInput,
  PutParameterCommandInput,
  SendCommandCommandInput,
} from '@aws-sdk/client-ssm';
import { arnOf } from '../../wire/arn.ts';
import type { Asker } from '../asker.ts';
import type { Reference } from './reference.ts';
import { requestTags, resourceTags, type Table } from './requests.ts';

/** https://docs.aws.amazon.com/service-authorization/latest/reference/list_awssystemsmanager.html */
export const ssmReference: Reference = {
  service: 'ssm',
  resource: (input: { readonly Name?: string; readonly ResourceId?: string }, asker, operation) =>
    operation === 'CreateDocument'
      ? documentArn(input.Name, asker)
      : parameterArn(input.Name ?? input.ResourceId, asker),
};

export const ssmTable: Table = {
  AddTagsToResource(input: AddTagsToResourceCommandInput, asker, { tagsOf }) {
    const resource = parameterArn(input.ResourceId, asker);
    const context = { ...requestTags(input.Tags), ...resourceTags(tagsOf(resource)) };
    return [{ action: 'ssm:AddTagsToResource', resource, context }];
  },
  /** It needs the document and each host; hosts that are chosen by their tag have it. */
  SendCommand(input: SendCommandCommandInput, asker) {
    const action = 'ssm:SendCommand';
    const { DocumentName, InstanceIds = [], Targets = [] } = input;
    const tags = Targets.flatMap(({ Key = '', Values = [] }) =>
      Values.slice(0, 1).map((value) => [`ssm:resourceTag/${Key.replace(/^tag:/, '')}`, value]),
    );
    return [
      { action, resource: documentArn(DocumentName, asker) },
      ...InstanceIds.map((id) => ({ action, resource: hostArn(id, asker) })),
      ...(tags.length > 0
        ? [{ action, resource: hostArn('*', asker), context: Object.fromEntries(tags) }]
        : []),
    ];
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

/** A name, or the ARN itself. */
function documentArn(name: string | undefined, asker: Asker): string {
  return name?.startsWith('arn:') ? name : arnOf('ssm', asker, `document/${name}`);
}

function hostArn(id: string, asker: Asker): string {
  return id.startsWith('mi-')
    ? arnOf('ssm', asker, `managed-instance/${id}`)
    : arnOf('ec2', asker, `instance/${id}`);
}

/** The name's leading slash is the slash of the ARN, which contains no version and no label. */
function parameterArn(name: string | undefined, asker: Asker): string {
  if (name?.startsWith('arn:')) return name;
  const bare = (name ?? '').replace(/^\//, '').replace(/:[^/]*$/, '');
  return arnOf('ssm', asker, `parameter/${bare}`);
}
