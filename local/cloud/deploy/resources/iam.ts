import * as z from 'zod';
import { globalArnOf } from '../../wire/arn.ts';
import type { Call } from '../../wire/service.ts';
import { policyDocument, provider } from '../provider.ts';

const roleProperties = z.strictObject({
  RoleName: z.string().optional(),
  Description: z.string().optional(),
  AssumeRolePolicyDocument: policyDocument,
  ManagedPolicyArns: z.array(z.string()).default([]),
  Policies: z
    .array(z.strictObject({ PolicyName: z.string(), PolicyDocument: policyDocument }))
    .default([]),
});

export const role = provider<z.output<typeof roleProperties>>({
  properties: roleProperties,
  identity: ['RoleName'],
  put(properties, { call, cloud, madeName }) {
    const { AssumeRolePolicyDocument, ManagedPolicyArns, Policies } = properties;
    const name = properties.RoleName ?? madeName;
    const arn = roleArn(name, call);
    cloud.roles.putRole({
      arn,
      trust: AssumeRolePolicyDocument,
      inline: new Map(Policies.map((policy) => [policy.PolicyName, policy.PolicyDocument])),
      attached: ManagedPolicyArns,
      description: properties.Description,
    });
    return { ref: name, attributes: { Arn: arn, RoleId: `AROA${name.toUpperCase()}` } };
  },
  remove({ placed }, { cloud }) {
    cloud.roles.deleteRole(placed.attributes?.Arn ?? '');
  },
});

function roleArn(name: string, call: Call): string {
  return globalArnOf('iam', call, `role/${name}`);
}

const policyProperties = z.strictObject({
  PolicyName: z.string(),
  PolicyDocument: policyDocument,
  Roles: z.array(z.string()).min(1),
});

export const policy = provider<z.output<typeof policyProperties>>({
  properties: policyProperties,
  identity: ['PolicyName'],
  put({ PolicyName, PolicyDocument, Roles }, { call, cloud, madeName }, before) {
    const left = before?.properties.Roles.filter((name) => !Roles.includes(name)) ?? [];
    for (const name of left) cloud.roles.putRolePolicy(roleArn(name, call), PolicyName, null);
    for (const name of Roles) {
      cloud.roles.putRolePolicy(roleArn(name, call), PolicyName, PolicyDocument);
    }
    return { ref: before?.placed.ref ?? madeName };
  },
  remove({ properties }, { call, cloud }) {
    for (const name of properties.Roles) {
      cloud.roles.putRolePolicy(roleArn(name, call), properties.PolicyName, null);
    }
  },
});

const managedProperties = z.strictObject({
  ManagedPolicyName: z.string().optional(),
  Description: z.string().optional(),
  Path: z.literal('/').optional(),
  PolicyDocument: policyDocument,
  Roles: z.array(z.string()).default([]),
});

export const managedPolicy = provider<z.output<typeof managedProperties>>({
  properties: managedProperties,
  identity: ['ManagedPolicyName', 'Description'],
  put({ ManagedPolicyName, PolicyDocument, Roles }, { call, cloud, madeName }) {
    const arn = globalArnOf('iam', call, `policy/${ManagedPolicyName ?? madeName}`);
    const arns = Roles.map((name) => roleArn(name, call));
    cloud.roles.putManagedPolicy(arn, PolicyDocument, arns);
    return { ref: arn, attributes: { PolicyArn: arn } };
  },
  remove({ placed }, { cloud }) {
    cloud.roles.putManagedPolicy(placed.ref, null, []);
  },
});
