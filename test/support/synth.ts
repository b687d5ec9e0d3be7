import { mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'aws-cdk-lib';
import { addStacks } from '#infra/stacks.ts';
import type { Config } from '#shared/config/config.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';
import { parsed } from './config-yaml.ts';
import { isFull } from './full.ts';
import { keptDirectory } from './kept-directory.ts';

type Resource = {
  readonly Type: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the properties it knows of
  readonly Properties: any;
  readonly DependsOn?: readonly string[];
  readonly DeletionPolicy?: string;
  readonly UpdateReplacePolicy?: string;
};

export type Template = {
  readonly Resources: Readonly<Record<string, Resource>>;
  readonly Outputs?: Readonly<Record<string, { readonly Value: unknown }>>;
};

export type Synthesized = {
  /** The cloud assembly, until the run ends. */
  readonly directory: string;
  readonly names: readonly string[];
  template(stack: string): Template;
  region(stack: string): string;
  /** What nobody else's stack may be called: name, account and region. */
  standing(stack: string): string;
  /** Resources of a type in the home stack. */
  all(type: string): readonly Resource[];
  /** What the synthesis warned of. */
  readonly warnings: readonly string[];
};

const { context } = JSON.parse(readFileSync(new URL('../../cdk.json', import.meta.url), 'utf8'));

/** By the text of the configuration, of everything that succeeded in this process. */
const known = new Map<string, Synthesized>();

/** The stacks of a configuration, without the functions' code: for reading, as tests share them. */
export function synthesized(text: string): Synthesized {
  const found = known.get(text) ?? synthesize(text);
  known.set(text, found);
  return found;
}

function synthesize(text: string): Synthesized {
  const directory = mkdtempSync(join(keptDirectory(), 'synth-'));
  const app = new App({
    context,
    outdir: join(directory, 'cdk.out'),
    analyticsReporting: false,
    // The example and the app of somebody else are held to it everywhere (test/installed/infra/app.test.ts).
    builtinCloudFormationValidation: isFull,
  });
  addStacks(app, { config: configOf(text), code: emptyCode(directory) });
  const { directory: outdir, stacks } = app.synth();
  const artifact = (stack: string) => {
    const found = stacks.find(({ id }) => id === stack);
    if (!found) throw new Error(`there is no stack ${stack}`);
    return found;
  };
  const template = (stack: string): Template => artifact(stack).template;
  return {
    directory: outdir,
    names: stacks.map(({ id }) => id),
    template,
    region: (stack) => artifact(stack).environment.region,
    standing: (stack) => {
      const { environment, stackName } = artifact(stack);
      return `${stackName} ${environment.account} ${environment.region}`;
    },
    all: (type) =>
      Object.values(template('Certkeep').Resources).filter((resource) => resource.Type === type),
    warnings: stacks.flatMap(({ messages }) => messages.map(({ entry }) => String(entry.data))),
  };
}

export function configOf(text: string): Config {
  return parsed(text).config;
}

function emptyCode(directory: string): ReadonlyMap<BundleName, string> {
  return new Map(
    bundleNames.map((name) => {
      const folder = join(directory, name);
      mkdirSync(folder);
      writeFileSync(join(folder, 'index.mjs'), `export const handler = '${name}';\n`);
      return [name, folder];
    }),
  );
}
