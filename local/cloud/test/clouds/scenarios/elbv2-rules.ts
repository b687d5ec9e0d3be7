import { expect } from 'vitest';
import {
  absent,
  answering,
  defaultOf,
  listenerWithRules,
  managed,
  prioritiesOf,
} from '../rules.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

const mostRules = 100;

export const elbv2Rules: ScenarioGroup = {
  title: 'ELBv2, listener rules',
  scenarios: {
    'the ARN of a rule is that of its listener and one part more': async (cloud) => {
      const { ListenerArn, made } = await listenerWithRules(cloud);
      const stem = ListenerArn.replace(':listener/', ':listener-rule/');
      expect(await made(10)).toMatch(new RegExp(`^${stem}/[0-9a-f]{16}$`));
    },
    'a priority that is in use is refused': async (cloud) => {
      const { create, made, rules } = await listenerWithRules(cloud);
      await made(10);
      await refused(create(10), 'PriorityInUseException');
      expect(await rules()).toHaveLength(2);
    },
    'a priority is free again when its rule is deleted': async (cloud) => {
      const { elbv2, made, rules } = await listenerWithRules(cloud);
      await elbv2.deleteRule({ RuleArn: await made(10) });
      const again = await made(10);
      expect((await rules()).map(({ RuleArn }) => RuleArn)).toContain(again);
    },
    'priorities go from 1 to 50,000': async (cloud) => {
      const { create, made } = await listenerWithRules(cloud);
      await made(1);
      await made(50_000);
      await refused(create(0), null);
      await refused(create(50_001), null);
    },
    'a rule for a listener that is not there is refused': async (cloud) => {
      const { ListenerArn, create } = await listenerWithRules(cloud);
      const answer = create(10, { ListenerArn: absent(ListenerArn) });
      await refused(answer, 'ListenerNotFoundException');
    },
    'a host needs letters alone after its last dot': async (cloud) => {
      const { create } = await listenerWithRules(cloud);
      const HostHeaderConfig = { Values: ['shop.xn--p1ai'] };
      const Conditions = [{ Field: 'host-header', HostHeaderConfig }];
      await refused(create(10, { Conditions }), null);
    },
    'a host of 129 characters is refused': async (cloud) => {
      const { create } = await listenerWithRules(cloud);
      const HostHeaderConfig = { Values: [`${'a'.repeat(125)}.com`] };
      const Conditions = [{ Field: 'host-header', HostHeaderConfig }];
      await refused(create(10, { Conditions }), null);
    },
    'a response has at most 1,024 characters': async (cloud) => {
      const { create, made } = await listenerWithRules(cloud);
      await made(10, { Actions: [answering('x'.repeat(1_024))] });
      await refused(create(11, { Actions: [answering('x'.repeat(1_025))] }), null);
    },
    'a load balancer takes 100 rules besides its defaults, and no more': async (cloud) => {
      const { create, made, rules } = await listenerWithRules(cloud);
      for (let priority = 1; priority <= mostRules; priority += 1) await made(priority);
      expect(await rules()).toHaveLength(mostRules + 1);
      await refused(create(mostRules + 1), 'TooManyRulesException');
    },
    'a deleted rule is gone': async (cloud) => {
      const { elbv2, made, rules } = await listenerWithRules(cloud);
      const RuleArn = await made(10);
      const kept = await made(20);
      await elbv2.deleteRule({ RuleArn });
      expect(prioritiesOf(await rules())).toEqual(['20', 'default']);
      await refused(elbv2.describeRules({ RuleArns: [RuleArn, kept] }), 'RuleNotFoundException');
    },
    'a rule cannot be deleted twice': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const RuleArn = await made(10);
      await elbv2.deleteRule({ RuleArn });
      await refused(elbv2.deleteRule({ RuleArn }), 'RuleNotFoundException');
    },
    'the default rule cannot be deleted': async (cloud) => {
      const { elbv2, rules } = await listenerWithRules(cloud);
      const RuleArn = defaultOf(await rules());
      await refused(elbv2.deleteRule({ RuleArn }), 'OperationNotPermittedException');
      expect(prioritiesOf(await rules())).toEqual(['default']);
    },
    'a rule carries its tags from the start': async (cloud) => {
      const { elbv2, made } = await listenerWithRules(cloud);
      const arn = await made(10, { Tags: [managed, { Key: 'certkeep:attempt', Value: 'a-1' }] });
      const { TagDescriptions } = await elbv2.describeTags({ ResourceArns: [arn] });
      expect(TagDescriptions).toMatchObject([{ ResourceArn: arn }]);
      expect(TagDescriptions?.[0]?.Tags).toEqual(
        expect.arrayContaining([managed, { Key: 'certkeep:attempt', Value: 'a-1' }]),
      );
    },
  },
};
