import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** As certkeep publishes an ARN. */
function parameterOn(cloud: CloudUnderTest) {
  const { ssm } = clientsOf(cloud);
  const Name = `/certkeep/${uniqueName('shop')}/certificate-arn`;
  const put = (Value: string) =>
    ssm.putParameter({ Name, Value, Type: 'String' as const, Overwrite: true });
  return { ssm, Name, put };
}

export const ssmParameters: ScenarioGroup = {
  title: 'Systems Manager, parameters',
  scenarios: {
    'a parameter is made and written over by the same call, and its version grows': async (
      cloud,
    ) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      expect((await put('two')).Version).toBe(2);
      const { Parameter } = await ssm.getParameter({ Name });
      expect(Parameter).toMatchObject({ Name, Type: 'String', Value: 'two', Version: 2 });
    },
    'its ARN is made of account, region and name': async (cloud) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      const { Parameter } = await ssm.getParameter({ Name });
      expect(Parameter?.ARN).toBe(`arn:aws:ssm:us-east-1:${cloud.account}:parameter${Name}`);
    },
    'an earlier version can be asked for': async (cloud) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      await put('two');
      const { Parameter } = await ssm.getParameter({ Name: `${Name}:1` });
      expect(Parameter).toMatchObject({ Value: 'one', Version: 1 });
    },
    'without Overwrite it is not written over': async (cloud) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      const again = ssm.putParameter({ Name, Value: 'two', Type: 'String' });
      await refused(again, 'ParameterAlreadyExists');
    },
    'another region has parameters of its own': async (cloud) => {
      const { Name, put } = parameterOn(cloud);
      await put('one');
      await refused(clientsOf(cloud, otherRegion).ssm.getParameter({ Name }), 'ParameterNotFound');
    },
    'a path that begins with aws belongs to AWS': async (cloud) => {
      const { ssm } = parameterOn(cloud);
      const reserved = { Name: '/awscerts/shop', Value: 'one', Type: 'String' } as const;
      await refused(ssm.putParameter(reserved), 'AccessDeniedException');
    },
    'a new parameter needs a type': async (cloud) => {
      const { ssm, Name } = parameterOn(cloud);
      await refused(ssm.putParameter({ Name, Value: 'one' }), 'ValidationException');
    },
    'more than 4 KB are refused': async (cloud) => {
      const { put } = parameterOn(cloud);
      await refused(put('a'.repeat(4_097)), 'ValidationException');
    },
    'a path has at most fifteen levels': async (cloud) => {
      const { ssm } = parameterOn(cloud);
      const deep = { Name: '/a'.repeat(16), Value: 'one', Type: 'String' } as const;
      await refused(ssm.putParameter(deep), 'HierarchyLevelLimitExceededException');
    },
    'tags are added, and written over': async (cloud) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      const tagged = { ResourceType: 'Parameter' as const, ResourceId: Name };
      await ssm.addTagsToResource({ ...tagged, Tags: [{ Key: 'a', Value: '1' }] });
      await ssm.addTagsToResource({ ...tagged, Tags: [{ Key: 'a', Value: '2' }] });
      await put('two');
      const { TagList } = await ssm.listTagsForResource(tagged);
      expect(TagList).toEqual([{ Key: 'a', Value: '2' }]);
    },
    'a parameter that is not there has no tags': async (cloud) => {
      const { ssm, Name } = parameterOn(cloud);
      const tagged = { ResourceType: 'Parameter' as const, ResourceId: Name };
      await refused(ssm.listTagsForResource(tagged), 'InvalidResourceId');
      const Tags = [{ Key: 'a', Value: '1' }];
      await refused(ssm.addTagsToResource({ ...tagged, Tags }), 'InvalidResourceId');
    },
    'what is deleted is gone, and cannot be deleted again': async (cloud) => {
      const { ssm, Name, put } = parameterOn(cloud);
      await put('one');
      await ssm.deleteParameter({ Name });
      await refused(ssm.getParameter({ Name }), 'ParameterNotFound');
      await refused(ssm.deleteParameter({ Name }), 'ParameterNotFound');
    },
  },
};
