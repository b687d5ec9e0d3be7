import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import type { ScenarioGroup } from '../scenario.ts';

/** Load balancers with a tag whose key nobody else has. */
async function taggedOn(cloud: CloudUnderTest, values: readonly string[]) {
  const { elbv2, tagging } = clientsOf(cloud);
  const Key = uniqueName('certkeep');
  const arns: string[] = [];
  for (const Value of values) {
    const Name = uniqueName('tagged');
    const created = await elbv2.createLoadBalancer({ Name, Subnets: await cloud.subnets() });
    const arn = created.LoadBalancers?.[0]?.LoadBalancerArn ?? '';
    await elbv2.addTags({ ResourceArns: [arn], Tags: [{ Key, Value }] });
    arns.push(arn);
  }
  const find = (filter: object = {}, more: object = {}) =>
    tagging.getResources({
      TagFilters: [{ Key, ...filter }],
      ResourceTypeFilters: ['elasticloadbalancing'],
      ...more,
    });
  return { arns, elbv2, find, Key, tagging };
}

export const taggedResources: ScenarioGroup = {
  title: 'Resource Groups Tagging API',
  scenarios: {
    'what has a tag is found by its key, whatever the value': async (cloud) => {
      const { arns, find, Key } = await taggedOn(cloud, ['shop', 'docs']);
      const { ResourceTagMappingList = [] } = await find();
      expect(ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN).toSorted()).toEqual(
        arns.toSorted(),
      );
      const tags = ResourceTagMappingList.flatMap(({ Tags = [] }) => Tags);
      expect(tags).toContainEqual({ Key, Value: 'shop' });
    },
    'a filter with values finds those alone': async (cloud) => {
      const { arns, find } = await taggedOn(cloud, ['shop', 'docs']);
      const { ResourceTagMappingList = [] } = await find({ Values: ['docs'] });
      expect(ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN)).toEqual([arns[1]]);
    },
    'what has lost the tag is not found by it': async (cloud) => {
      const { arns, elbv2, find, Key } = await taggedOn(cloud, ['shop']);
      await elbv2.removeTags({ ResourceArns: arns, TagKeys: [Key] });
      expect((await find()).ResourceTagMappingList ?? []).toEqual([]);
    },
    'another region tells of its own resources': async (cloud) => {
      const { Key } = await taggedOn(cloud, ['shop']);
      const { tagging } = clientsOf(cloud, otherRegion);
      const found = await tagging.getResources({ TagFilters: [{ Key }] });
      expect(found.ResourceTagMappingList ?? []).toEqual([]);
    },
    'a page ends with a token, and the last one with none': async (cloud) => {
      const { arns, find } = await taggedOn(cloud, ['one', 'two', 'three']);
      const first = await find({}, { ResourcesPerPage: 2 });
      expect(first.ResourceTagMappingList).toHaveLength(2);
      expect(first.PaginationToken).not.toBe('');
      const more = { ResourcesPerPage: 2, PaginationToken: first.PaginationToken };
      const last = await find({}, more);
      expect(last.PaginationToken ?? '').toBe('');
      const found = [first, last].flatMap(({ ResourceTagMappingList = [] }) =>
        ResourceTagMappingList.map(({ ResourceARN }) => ResourceARN),
      );
      expect(found.toSorted()).toEqual(arns.toSorted());
    },
  },
};
