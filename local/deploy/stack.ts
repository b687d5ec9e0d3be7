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
  /** Its properties as they were resolved, to see whether they changed. */
  readonly text: string;
};

/** A stack as it stands; a deployment changes it step by step. */
export type DeployedStack = {
  readonly resources: Map<string, Deployed>;
  outputs: ReadonlyMap<string, string>;
};

export type StackPorts = {
  readonly cloud: DeployableCloud;
  readonly scope: StackScope;
  readonly directoryOf: Site['directoryOf'];
  /** Claims a physical name for a resource; false where another one has it. */
  readonly claim: (type: string, place: Site['call'], placed: Placed) => boolean;
  readonly release: (type: string, place: Site['call'], placed: Placed) => void;
};

/**
 * Creates what is new in a stack, changes what changed, and removes at the end what is no longer in it,
 * as CloudFormation does; but a deployment that fails stays where it failed, and the next one goes on there.
 */
export function deployStack(
  stack: StackArtifact,
  standing: DeployedStack,
  ports: StackPorts,
): void {
  const { scope } = ports;
  assertRules(stack, scope);
  assertKnown(stack);
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
    const site = siteOf(stack, logicalId, ports);
    const there = before.get(logicalId);
    const put = failingAt(here, () =>
      putResource({ resource, provider, site, here }, there, ports),
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

/** Everything that is not known is told before anything is created. */
function assertKnown({ stackName, template }: StackArtifact): void {
  const unknown = Object.entries(template.Resources).filter(
    ([, { Type }]) => !(Type in providers) && !(Type in inert),
  );
  if (unknown.length === 0) return;
  const told = unknown.map(([logicalId, { Type }]) => `${logicalId} (${Type})`);
  throw new DeployProblem(
    `stack ${stackName}`,
    `local/ does not know the types of ${told.join(', ')}`,
  );
}

type Wanted = {
  readonly resource: Resource;
  readonly provider: AnyProvider;
  readonly site: Site;
  readonly here: Scope;
};

function putResource(
  { resource, provider, site, here }: Wanted,
  there: Deployed | undefined,
  ports: StackPorts,
): Deployed {
  const resolved = resolve(resource.Properties, here);
  const text = JSON.stringify(resolved);
  if (there?.text === text && there.resource.Type === resource.Type) {
    return { ...there, resource, site };
  }
  const parsed = provider.properties.safeParse(resolved);
  if (!parsed.success) throw new DeployProblem(here.where, explain(parsed.error));
  const properties = parsed.data;
  const kept = there && isSame(there, resource, provider, properties) ? there : null;
  const placed = provider.put(properties, site, kept);
  if (!kept && !ports.claim(resource.Type, site.call, placed)) {
    throw new DeployProblem(here.where, `${placed.ref} already exists`);
  }
  return { resource, provider, site, text, properties, placed };
}

/** Whether the change can be made to the resource that is there. */
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

function remove(one: Deployed, isReplaced: boolean, { release }: StackPorts): void {
  const { DeletionPolicy, Type, UpdateReplacePolicy } = one.resource;
  const policy = isReplaced ? UpdateReplacePolicy : DeletionPolicy;
  if (policy !== 'Delete') return;
  one.provider.remove(one, one.site);
  release(Type, one.site.call, one.placed);
}

function siteOf(
  { account, region, stackName }: StackArtifact,
  logicalId: string,
  { cloud, directoryOf }: StackPorts,
): Site {
  const made = createHash('sha256').update(`${account} ${region} ${stackName} ${logicalId}`);
  const ending = made.digest('hex').slice(0, 12).toUpperCase();
  return {
    cloud,
    call: { account, region, accessKeyId: 'cloudformation' },
    logicalId,
    // No name here may be longer than the 64 characters of a role's.
    madeName: `${`${stackName}-${logicalId}`.slice(0, 51)}-${ending}`,
    directoryOf,
  };
}

/** What a service refuses is told with the resource that it was asked for. */
function failingAt<T>({ where }: Scope, act: () => T): T {
  try {
    return act();
  } catch (error) {
    if (!(error instanceof AwsError)) throw error;
    throw new DeployProblem(where, `${error.code}: ${error.message}`, { cause: error });
  }
}
