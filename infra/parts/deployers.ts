import { Stack } from 'aws-cdk-lib';
import type { Construct } from 'constructs';
import { partitionOf } from '#shared/region.ts';

/** The role in which CloudFormation deploys a stack: the one of `cdk bootstrap`, or none where the synthesizer has none. */
export function deployersOf(scope: Construct): readonly string[] {
  const { account, region, synthesizer } = Stack.of(scope);
  const { cloudFormationExecutionRole: role } = synthesizer;
  if (role === undefined) return [];
  const known: Readonly<Record<string, string>> = {
    'AWS::Partition': partitionOf(region),
    'AWS::AccountId': account,
    'AWS::Region': region,
  };
  return [role.replace(/\$\{(AWS::\w+)\}/g, (placeholder, name) => known[name] ?? placeholder)];
}
