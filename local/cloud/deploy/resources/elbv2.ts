import * as z from 'zod';
import { ask } from '../../wire/service.ts';
import { provider } from '../provider.ts';

const groupProperties = z.strictObject({
  Name: z.string().optional(),
  TargetType: z.literal('lambda'),
  Targets: z.tuple([z.strictObject({ Id: z.string() })]).optional(),
  Tags: z.array(z.strictObject({ Key: z.string(), Value: z.string() })).default([]),
});

type Created<Kind extends string, Arn extends string> = Readonly<
  Record<Kind, readonly [Readonly<Record<Arn, string>>]>
>;

export const targetGroup = provider<z.output<typeof groupProperties>>({
  properties: groupProperties,
  identity: ['Name', 'TargetType', 'Tags'],
  put({ Name, Tags, Targets, TargetType }, { call, cloud, madeName }, before) {
    const input = {
      Name: Name ?? madeName.slice(0, 32),
      TargetType,
      ...(Tags.length > 0 && { Tags }),
    };
    const TargetGroupArn =
      before?.placed.ref ??
      ask<Created<'TargetGroups', 'TargetGroupArn'>>(cloud.elbv2, 'CreateTargetGroup', input, call)
        .TargetGroups[0].TargetGroupArn;
    if (Targets) ask(cloud.elbv2, 'RegisterTargets', { TargetGroupArn, Targets }, call);
    return { ref: TargetGroupArn, attributes: { TargetGroupArn } };
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.elbv2, 'DeleteTargetGroup', { TargetGroupArn: placed.ref }, call);
  },
});

const ruleProperties = z.strictObject({
  ListenerArn: z.string(),
  Priority: z.number(),
  Conditions: z.array(
    z.strictObject({
      Field: z.literal('path-pattern'),
      PathPatternConfig: z.strictObject({ Values: z.array(z.string()) }),
    }),
  ),
  Actions: z.array(z.strictObject({ Type: z.literal('forward'), TargetGroupArn: z.string() })),
});

/** Any change replaces the rule, since ModifyRule and SetRulePriorities are not implemented. */
export const listenerRule = provider<z.output<typeof ruleProperties>>({
  properties: ruleProperties,
  identity: ['ListenerArn', 'Priority', 'Conditions', 'Actions'],
  put(input, { call, cloud }, before) {
    if (before) return before.placed;
    const made = ask<Created<'Rules', 'RuleArn'>>(cloud.elbv2, 'CreateRule', input, call);
    const { RuleArn } = made.Rules[0];
    return { ref: RuleArn, attributes: { RuleArn } };
  },
  remove({ placed }, { call, cloud }) {
    ask(cloud.elbv2, 'DeleteRule', { RuleArn: placed.ref }, call);
  },
});
