import { createHash } from 'node:crypto';
import { domainOf, partitionOf } from '../region.ts';
import type { StackArtifact } from './assembly.ts';
import { holds } from './conditions.ts';
import { noValue, resolve, type Scope } from './intrinsics.ts';
import { DeployProblem } from './problem.ts';
import type { Placed } from './provider.ts';

/** The version that the bootstrap stack of the pinned CDK reports, in every account and region. */
const bootstrapVersion = '33';
const bootstrapParameter = /^\/cdk-bootstrap\/[a-z0-9]+\/version$/;

export type StackScope = {
  /** The scope for that place of the template. */
  at(place: string): Scope;
  /** Registers the resource of a logical id; null for one without `Ref` or attributes here. */
  place(logicalId: string, placed: Placed): void;
};

/** Everything that the intrinsic functions of a stack can refer to. */
export function stackScope(
  stack: StackArtifact,
  outputOf: (stackName: string, outputName: string, region: string) => string | undefined,
): StackScope {
  const { account, region, stackName, template } = stack;
  const placed = new Map<string, Placed>();
  const pseudo = pseudoParameters(stack);

  function at(place: string): Scope {
    const where = `stack ${stackName}, ${place}`;
    const unknown = (what: string) => new DeployProblem(where, what);

    function ref(name: string): unknown {
      if (name in pseudo) return pseudo[name];
      const parameter = template.Parameters[name];
      if (parameter) return parameterValue(parameter.Default, unknown);
      const resource = placed.get(name);
      if (resource) return resource.ref;
      throw unknown(`Ref: there is no ${name}`);
    }

    function attribute(logicalId: string, name: string): unknown {
      const resource = placed.get(logicalId);
      if (!resource) throw unknown(`Fn::GetAtt: there is no ${logicalId}`);
      const value = resource.attributes?.[name];
      if (value !== undefined) return value;
      const type = template.Resources[logicalId]?.Type;
      throw unknown(
        `Fn::GetAtt: the local cloud does not know the attribute ${name} of ${logicalId} (${type})`,
      );
    }

    function condition(name: string): boolean {
      if (name in template.Conditions)
        return holds(template.Conditions[name], at(`condition ${name}`));
      throw unknown(`there is no condition ${name}`);
    }

    function output(otherStack: string, name: string, otherRegion = region): string {
      const value = outputOf(otherStack, name, otherRegion);
      if (value !== undefined) return value;
      throw unknown(
        `Fn::GetStackOutput: the stack ${otherStack} of ${account}/${otherRegion} has no output ${name}`,
      );
    }
    return { where, ref, attribute, condition, output };
  }

  return { at, place: (logicalId, resource) => void placed.set(logicalId, resource) };
}

function parameterValue(name: string, unknown: (what: string) => DeployProblem): string {
  if (bootstrapParameter.test(name)) return bootstrapVersion;
  throw unknown(`the local cloud does not know the SSM parameter ${name}`);
}

function pseudoParameters(stack: StackArtifact): Readonly<Record<string, unknown>> {
  const { account, region, stackName } = stack;
  const partition = partitionOf(region);
  const id = createHash('sha256').update(`${account} ${region} ${stackName}`).digest('hex');
  return {
    'AWS::AccountId': account,
    'AWS::NoValue': noValue,
    'AWS::Partition': partition,
    'AWS::Region': region,
    'AWS::StackId': `arn:${partition}:cloudformation:${region}:${account}:stack/${stackName}/${id.slice(0, 32)}`,
    'AWS::StackName': stackName,
    'AWS::URLSuffix': domainOf(region),
  };
}

/** @throws DeployProblem with the description of the first false assertion */
export function assertRules({ template }: StackArtifact, scope: StackScope): void {
  for (const [name, { Assertions }] of Object.entries(template.Rules)) {
    const here = scope.at(`rule ${name}`);
    for (const { Assert, AssertDescription } of Assertions) {
      if (!holds(Assert, here)) throw new DeployProblem(here.where, AssertDescription);
    }
  }
}

export function outputsOf({ template }: StackArtifact, scope: StackScope): Map<string, string> {
  const outputs = Object.entries(template.Outputs).flatMap(([name, { Condition, Value }]) => {
    const here = scope.at(`output ${name}`);
    if (Condition !== undefined && !here.condition(Condition)) return [];
    return [[name, String(resolve(Value, here))] as const];
  });
  return new Map(outputs);
}
