import { createHash } from 'node:crypto';
import { AwsError } from '../wire/service.ts';
import type { StackArtifact } from './assembly.ts';
import type { DeployableCloud } from './cloud.ts';
import { resolve, type Scope } from './intrinsics.ts';
import { inOrder } from './order.ts';
import { DeployProblem } from './problem.ts';
import { type Before, explain, type Placed, type Site } from './provider.ts';
import { type AnyProvider, inert, providers } from './resources/registry.ts';
import { assertRules, outputsOf, type StackScope } from './scope.ts';
import type { Resource } from './template.ts';

/** A resource as it was last deployed. */
type Deployed = Before<unknown> & {
  readonly resource: Resource;
  readonly provider: AnyProvider;
  readonly site: Site;
  /** Its resolved properties, to detect a change. */
  readonly text: string;
  /** The number of replacements, each of which gives an unnamed resource a new name. */
  readonly replacements: number;
};

/** The present state of a stack; a deployment changes it step by step. */
export type DeployedStack = {
  readonly resources: Map<string, Deployed>;
  outputs: ReadonlyMap<string, string>;
};

export type StackPorts = {
  readonly cloud: DeployableCloud;
  readonly scope: StackScope;
  readonly directoryOf: Site['directoryOf'];
  /** Claims a physical name for a resource; false where another resource has it. */
  readonly claim: (type: string, place: Site['call'], placed: Placed) => boolean;
  readonly release: (type: string, place: Site['call'], placed: Placed) => void;
};

/**
 * Creates the new resources of a stack, changes others, and finally removes those that left the template, as CloudFormation
 * does. A first deployment that fails is rolled back; a later one stops where it failed, and the next continues there.
 */
export function deployStack(
  stack: StackArtifact,
  standing: DeployedStack,
  ports: StackPorts,
): void {
  assertRules(stack, ports.scope);
  assertKnown(stack);
  const isFirst = standing.resources.size === 0;
  try {
    putResources(stack, standing, ports);
  } catch (error) {
    if (isFirst) rollBack(standing, ports);
    throw error;
  }
}

/** Also removes resources that would outlive an established stack (`RetainExceptOnCreate`). */
function rollBack({ resources }: DeployedStack, ports: StackPorts): void {
  for (const [logicalId, one] of [...resources].toReversed()) {
    if (one.resource.DeletionPolicy !== 'Retain') removeNow(one, ports);
    resources.delete(logicalId);
  }
}

function putResources(stack: StackArtifact, standing: DeployedStack, ports: StackPorts): void {
  const { scope } = ports;
  const before = new Map(standing.resources);
  const wanted = new Set<string>();
  const leaving: Deployed[] = [];
  for (const logicalId of inOrder(stack.stackName, stack.template)) {
    const resource = stack.template.Resources[logicalId] as Resource;
    const provider = providers[resource.Type];
    const here = scope.at(`${logicalId} (${resource.Type})`);
    if (!provider || (resource.Condition !== undefined && !here.condition(resource.Condition))) {
      continue;
    }
    const there = before.get(logicalId);
    const siteAfter = (replacements: number) => siteOf(stack, logicalId, replacements, ports);
    const put = failingAt(here, () =>
      putResource({ resource, provider, siteAfter, here }, there, ports),
    );
    wanted.add(logicalId);
    standing.resources.set(logicalId, put);
    scope.place(logicalId, put.placed);
    if (there && put.placed.ref !== there.placed.ref) leaving.push(there);
  }
  standing.outputs = outputsOf(stack, scope);
  const gone = [...before].filter(([logicalId]) => !wanted.has(logicalId));
  for (const one of [...leaving, ...gone.map(([, each]) => each)].toReversed()) {
    const isReplaced = leaving.includes(one);
    failingAt(scope.at(one.site.logicalId), () => remove(one, isReplaced, ports));
    if (!isReplaced) standing.resources.delete(one.site.logicalId);
  }
}

/** Reports everything unknown before it creates anything. */
function assertKnown({ stackName, template }: StackArtifact): void {
  const unknown = Object.entries(template.Resources).filter(
    ([, { Type }]) => !(Type in providers) && !(Type in inert),
  );
  if (unknown.length === 0) return;
  const told = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`);
  throw new DeployProblem(
    `stack ${stackName}`,
    `the local cloud does not know the types of ${told.join(', ')}`,
  );
}

type Wanted = {
  readonly resource: Resource;
  readonly provider: AnyProvider;
  readonly siteAfter: (replacements: number) => Site;
  readonly here: Scope;
};

function putResource(
  { resource, provider, siteAfter, here }: Wanted,
  there: Deployed | undefined,
  ports: StackPorts,
): Deployed {
  const resolved = resolve(resource.Properties, here);
  const text = JSON.stringify(resolved);
  if (there?.text === text && there.resource.Type === resource.Type) {
    return { ...there, resource };
  }
  const parsed = provider.properties.safeParse(resolved);
  if (!parsed.success) throw new DeployProblem(here.where, explain(parsed.error));
  const properties = parsed.data;
  const kept = there && isSame(there, resource, provider, properties) ? there : null;
  const replacements = (there?.replacements ?? 0) + (there && !kept ? 1 : 0);
  const site = siteAfter(replacements);
  const placed = provider.put(properties, site, kept);
  if (!kept && !ports.claim(resource.Type, site.call, placed)) {
    throw new DeployProblem(here.where, `${placed.ref} already exists`);
  }
  return { resource, provider, site, text, properties, placed, replacements };
}

/** Says whether the existing resource can be changed in place. */
function isSame(
  there: Deployed,
  { Type }: Resource,
  { identity }: AnyProvider,
  properties: Readonly<Record<string, unknown>>,
): boolean {
  const before = there.properties as Readonly<Record<string, unknown>>;
  return (
    there.resource.Type === Type &&
    identity.every((name) => JSON.stringify(before[name]) === JSON.stringify(properties[name]))
  );
}

function remove(one: Deployed, isReplaced: boolean, ports: StackPorts): void {
  const { DeletionPolicy, UpdateReplacePolicy } = one.resource;
  if ((isReplaced ? UpdateReplacePolicy : DeletionPolicy) === 'Delete') removeNow(one, ports);
}

function removeNow(one: Deployed, { release }: StackPorts): void {
  one.provider.remove(one, one.site);
  release(one.resource.Type, one.site.call, one.placed);
}

function siteOf(
  { account, region, stackName }: StackArtifact,
  logicalId: string,
  replacements: number,
  { cloud, directoryOf }: StackPorts,
): Site {
  const whose = [account, region, stackName, logicalId, replacements].join(' ');
  const made = createHash('sha256').update(whose).digest('hex');
  const ending = made.slice(0, 12).toUpperCase();
  return {
    cloud,
    call: { account, region, accessKeyId: 'cloudformation' },
    logicalId,
    // Role names have the shortest limit, 64 characters, which fits here for all.
    madeName: `${`${stackName}-${logicalId}`.slice(0, 51)}-${ending}`,
    directoryOf,
  };
}

/** Names the resource in an error of a service. */
function failingAt<T>({ where }: Scope, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new DeployProblem(where, `${error.code}: ${error.message}`, { cause: error });
  }
}
