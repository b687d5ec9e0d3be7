import { expect } from 'vitest';
import {
  absent,
  defaultOf,
  host,
  listenerWithRules,
  managed,
  pathOf,
  prioritiesOf,
} from '../rules.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

const taggedAtOnce = 20;

export const elbv2RuleListing: ScenarioGroup = {
  title: 'ELBv2, listing of rules',
  scenarios: {
    'a rule is described with its priority, host, path and response': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const arn = await made(10);
      const { Rules } = await elbv2.describeRules({ RuleArns: [arn] });
      const [rule, ...more] = Rules ?? [];
      expect(more).toEqual([]);
      expect(rule).toMatchObject({ RuleArn: arn, Priority: '10', IsDefault: false });
      const { FixedResponseConfig } = rule?.Actions?.[0] ?? {};
      expect(FixedResponseConfig?.MessageBody).toBe('token-10.thumbprint');
      const configs = rule?.Conditions?.map(
        ({ HostHeaderConfig, PathPatternConfig }) =>
          HostHeaderConfig?.Values ?? PathPatternConfig?.Values,
      );
      expect(configs).toEqual([[host], [pathOf('token-10')]]);
    },
    'a listener shows its rules and the default one': async (cloud) => {
      const { made, rules } = await listenerWithRules(cloud);
      const arns = [await made(20), await made(10)];
      const shown = await rules();
      expect(prioritiesOf(shown).toSorted()).toEqual(['10', '20', 'default']);
      expect(shown.map(({ RuleArn }) => RuleArn)).toEqual(expect.arrayContaining(arns));
      expect(shown.filter(({ IsDefault }) => IsDefault)).toMatchObject([{ Priority: 'default' }]);
    },
    'pages of two lead through all rules once': async (cloud) => {
      const { elbv2, ListenerArn, made } = await listenerWithRules(cloud);
      for (const priority of [1, 2, 3]) await made(priority);
      const first = await elbv2.describeRules({ ListenerArn, PageSize: 2 });
      expect(first.Rules?.length).toBe(2);
      const { NextMarker: Marker } = first;
      const second = await elbv2.describeRules({ ListenerArn, PageSize: 2, Marker });
      const all = [...prioritiesOf(first.Rules), ...prioritiesOf(second.Rules)];
      expect(all.toSorted()).toEqual(['1', '2', '3', 'default']);
      expect(second.NextMarker).toBeUndefined();
    },
    'rules are asked for by their listener or by their ARNs': async (cloud) => {
      const { elbv2, ListenerArn, made } = await listenerWithRules(cloud);
      const RuleArns = [await made(10)];
      await refused(elbv2.describeRules({ ListenerArn, RuleArns }), null);
      await refused(elbv2.describeRules({}), null);
    },
    'the rules of a listener that is not there are not found': async (cloud) => {
      const { elbv2, ListenerArn } = await listenerWithRules(cloud);
      const answer = elbv2.describeRules({ ListenerArn: absent(ListenerArn) });
      await refused(answer, 'ListenerNotFoundException');
    },
    'a rule that is not there is not found': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const answer = elbv2.describeRules({ RuleArns: [absent(await made(10))] });
      await refused(answer, 'RuleNotFoundException');
    },
    'the default rule is described by its ARN': async (cloud) => {
      const { elbv2, rules } = await listenerWithRules(cloud);
      const RuleArns = [defaultOf(await rules())];
      const { Rules } = await elbv2.describeRules({ RuleArns });
      expect(Rules).toMatchObject([{ RuleArn: RuleArns[0], Priority: 'default', IsDefault: true }]);
    },
    'the tags of several rules are told apart': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const tagged = await made(10);
      const bare = await made(20, { Tags: undefined });
      const { TagDescriptions } = await elbv2.describeTags({ ResourceArns: [tagged, bare] });
      const found = new Map(
        TagDescriptions?.map(({ ResourceArn, Tags }) => [ResourceArn, Tags ?? []]),
      );
      expect(found.get(tagged)).toEqual([managed]);
      expect(found.get(bare) ?? []).toEqual([]);
    },
    'the tags of a rule that is not there are not found': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const there = await made(10);
      const answer = elbv2.describeTags({ ResourceArns: [there, absent(there)] });
      await refused(answer, 'RuleNotFoundException');
    },
    'the tags of twenty resources come at once, and of no more': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const arns: string[] = [];
      for (let priority = 1; priority <= taggedAtOnce; priority += 1) {
        arns.push(await made(priority));
      }
      const { TagDescriptions } = await elbv2.describeTags({ ResourceArns: arns });
      expect(TagDescriptions).toHaveLength(taggedAtOnce);
      const oneMore = [...arns, await made(taggedAtOnce + 1)];
      await refused(elbv2.describeTags({ ResourceArns: oneMore }), null);
    },
  },
};
