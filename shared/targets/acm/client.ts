import {
  AddTagsToResourceCommand,
  GetParameterCommand,
  ListTagsForResourceCommand,
  SSMClient,
} from '@aws-sdk/client-ssm';
import type { ClientOptions } from '#shared/aws/clients.ts';
import { putParameter } from '#shared/aws/put-parameter.ts';
import { serviceCalls } from '#shared/aws/service-errors.ts';
import { errorName } from '#shared/errors.ts';
import { tagsIn } from '../tags-in.ts';

/** Parameters of Systems Manager, in the terms of the target. */
export type ParameterClient = {
  /** @throws CertkeepError ParameterNotPublished */
  publish(name: string, value: string): Promise<void>;
  /** Null where there is no such parameter. */
  value(name: string): Promise<string | null>;
  /** None where there is no such parameter. */
  tags(name: string): Promise<Readonly<Record<string, string>>>;
  /** @throws CertkeepError ParameterNotPublished */
  tag(name: string, key: string, value: string): Promise<void>;
};

export function awsParameterClient(options: ClientOptions): ParameterClient {
  const client = new SSMClient(options);
  return {
    publish: (name, value) => putParameter(client, name, value),
    value: (Name) =>
      named('GetParameter', Name, async () => {
        const { Parameter } = await client
          .send(new GetParameterCommand({ Name }))
          .catch(absent('ParameterNotFound', { Parameter: undefined }));
        return Parameter?.Value ?? null;
      }),
    tags: (ResourceId) =>
      named('ListTagsForResource', ResourceId, async () => {
        const { TagList = [] } = await client
          .send(new ListTagsForResourceCommand({ ResourceType: 'Parameter', ResourceId }))
          .catch(absent('InvalidResourceId', { TagList: undefined }));
        return tagsIn(TagList);
      }),
    tag: (ResourceId, Key, Value) =>
      named('AddTagsToResource', ResourceId, async () => {
        const Tags = [{ Key, Value }];
        await client.send(
          new AddTagsToResourceCommand({ ResourceType: 'Parameter', ResourceId, Tags }),
        );
      }),
  };
}

function absent<T>(name: string, nothing: T): (error: unknown) => T {
  return (error) => {
    if (errorName(error) !== name) throw error;
    return nothing;
  };
}

const named = serviceCalls({
  service: 'SSM',
  stage: 'rebind',
  known: {
    InvalidResourceId: 'ParameterNotPublished',
    TooManyTagsError: 'ParameterNotPublished',
    TooManyUpdates: 'ServiceThrottled',
  },
});
