import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as z from 'zod';
import { type FileAsset, readAssets } from './assets.ts';
import { DeployProblem } from './problem.ts';
import { readTemplate, type Template } from './template.ts';

/** A stack to deploy, as the CDK wrote it into `cdk.out`. */
export type StackArtifact = {
  readonly id: string;
  readonly stackName: string;
  readonly account: string;
  readonly region: string;
  readonly template: Template;
  readonly assets: readonly FileAsset[];
};

/** The stacks in the order of deployment. */
export type Assembly = { readonly stacks: readonly StackArtifact[] };

const artifactSchema = z.object({
  type: z.string(),
  environment: z.string().optional(),
  properties: z
    .object({
      templateFile: z.string().optional(),
      file: z.string().optional(),
      stackName: z.string().optional(),
    })
    .default({}),
  dependencies: z.array(z.string()).default([]),
});

type Artifact = z.output<typeof artifactSchema>;

const manifestSchema = z.object({ artifacts: z.record(z.string(), artifactSchema) });

const stackType = 'aws:cloudformation:stack';
const assetsType = 'cdk:asset-manifest';
/** Other artifacts of an assembly, which no deployment reads. */
const notDeployed = ['cdk:tree', 'cdk:feature-flag-report'];

/** Reads a synthesized cloud assembly: `cdk.out` with its manifest, templates and assets. */
export function readAssembly(directory: string): Assembly {
  const { artifacts } = manifestSchema.parse(readJson(join(directory, 'manifest.json')));
  const stacks: StackArtifact[] = [];
  for (const id of inOrder(artifacts)) {
    const artifact = artifacts[id] as Artifact;
    if (artifact.type === stackType) stacks.push(stackOf(directory, id, artifacts));
    else if (artifact.type !== assetsType && !notDeployed.includes(artifact.type)) {
      throw new DeployProblem(
        id,
        `the local cloud does not know artifacts of type ${artifact.type}`,
      );
    }
  }
  return { stacks };
}

function stackOf(
  directory: string,
  id: string,
  artifacts: Readonly<Record<string, Artifact>>,
): StackArtifact {
  const { environment, properties, dependencies } = artifacts[id] as Artifact;
  const [, account, region] = /^aws:\/\/(\d{12})\/([a-z0-9-]+)$/.exec(environment ?? '') ?? [];
  if (!account || !region || !properties.templateFile) {
    throw new DeployProblem(id, `a stack needs an account and a region, not ${environment}`);
  }
  const manifests = dependencies.filter((other) => artifacts[other]?.type === assetsType);
  return {
    id,
    stackName: properties.stackName ?? id,
    account,
    region,
    template: readTemplate(id, readJson(join(directory, properties.templateFile))),
    assets: manifests.flatMap((other) => {
      const file = artifacts[other]?.properties.file ?? '';
      return readAssets(directory, other, readJson(join(directory, file)));
    }),
  };
}

/** Sorts artifacts after their dependencies, otherwise in the manifest's order. */
function inOrder(artifacts: Readonly<Record<string, Artifact>>): readonly string[] {
  const placed = new Set<string>();
  function place(id: string, above: readonly string[]): void {
    if (placed.has(id)) return;
    const artifact = artifacts[id];
    if (!artifact || above.includes(id)) {
      throw new DeployProblem(id, artifact ? 'it depends on itself' : 'there is no such artifact');
    }
    for (const other of artifact.dependencies) place(other, [...above, id]);
    placed.add(id);
  }
  for (const id of Object.keys(artifacts)) place(id, []);
  return [...placed];
}

function readJson(file: string): unknown {
  return JSON.parse(readFileSync(file, 'utf8'));
}
