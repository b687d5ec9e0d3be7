import { expect, test } from 'vitest';
import { bundleNames } from '#shared/installation.ts';
import { packageOf, readText, type Source, sourcesOf, topFolder } from './sources.ts';

/** Who may import whom. */
const mayImport: Readonly<Record<string, readonly string[]>> = {
  shared: ['shared'],
  functions: ['functions', 'shared'],
  infra: ['infra', 'shared'],
  cli: ['cli', 'shared', 'infra'],
  'local/cloud': ['local/cloud'],
  // The demonstration says where it is to the command that looks at it.
  'local/demo': ['local/demo', 'local/cloud', 'shared', 'cli'],
  scripts: ['scripts', 'infra', 'functions', 'shared'],
  test: ['test', 'shared', 'functions', 'infra', 'cli', 'local/cloud', 'local/demo', 'scripts'],
};

const sources = sourcesOf(...Object.keys(mayImport));
const inProduction = sources.filter(({ path }) => /^(shared|functions)\//.test(path));

/** Every `path -> import` that breaks the rule. */
function breaches(
  among: readonly Source[],
  isBreach: (source: Source, to: string, isType: boolean) => boolean,
): readonly string[] {
  return among.flatMap((source) =>
    source.imports
      .filter(({ to, isType }) => isBreach(source, to, isType))
      .map(({ to }) => `${source.path} -> ${to}`),
  );
}

test('a top folder imports only the folders it may know', () => {
  const offered = sources.map((source) => ({
    ...source,
    imports: source.imports.filter(({ isProject, to }) => isProject && to !== 'package.json'),
  }));
  expect(
    breaches(offered, ({ path }, to) => !mayImport[topFolder(path)]?.includes(topFolder(to))),
  ).toEqual([]);
});

test('of the app the command knows only how it reads its configuration file', () => {
  const command = sources.filter(({ path }) => path.startsWith('cli/'));
  const known = command.flatMap(({ imports }) => imports.map(({ to }) => to));
  expect(new Set(known.filter((to) => to.startsWith('infra/')))).toEqual(
    new Set(['infra/config-file.ts']),
  );
});

test('local/demo runs the app and what it makes of the functions, and knows no file of either', () => {
  const local = sources.filter(({ path }) => path.startsWith('local/'));
  const named = local.flatMap(({ path, text }) =>
    [...text.matchAll(/['"`](?:[./#]*)((?:functions|infra)\/[^'"`]*)['"`]/g)].map(
      ([, file]) => `${path} -> ${file}`,
    ),
  );
  expect(named).toEqual(['local/demo/synth.ts -> infra/app.ts']);
});

test('another top folder is imported by its # name, never by a relative path', () => {
  const relative = /from '(\.\.?\/[^']+)'/g;
  const astray = sources.flatMap(({ path, text }) =>
    [...text.matchAll(relative)]
      .map(([, specifier = '']) => new URL(specifier, `file:///${path}`).pathname.slice(1))
      .filter((to) => to.includes('/') && topFolder(to) !== topFolder(path))
      .map((to) => `${path} -> ${to}`),
  );
  expect(astray).toEqual([]);
});

test('shared knows neither Lambda nor CDK', () => {
  const foreign = /^(aws-lambda|@middy\/|@aws-lambda-powertools\/|aws-cdk-lib|constructs|cdk-nag)/;
  const shared = sources.filter(({ path }) => path.startsWith('shared/'));
  expect(breaches(shared, (_, to) => foreign.test(to))).toEqual([]);
});

test('only the named edges of shared touch an AWS SDK', () => {
  const edge = /^shared\/(aws|adapters)\/|(^|[/-])client\.ts$/;
  const shared = sources.filter(({ path }) => path.startsWith('shared/'));
  expect(
    breaches(shared, ({ path }, to) => /^@(aws-sdk|smithy)\//.test(to) && !edge.test(path)),
  ).toEqual([]);
});

test('a function is one file: its composition, and last of all its wrapped handler', () => {
  const handlers = inProduction.filter(({ text }) => text.includes('export const handler ='));
  expect(handlers.map(({ path }) => path).toSorted()).toEqual(
    bundleNames.map((name) => `functions/${name}.ts`).toSorted(),
  );
  for (const { text } of handlers) {
    const [, last = ''] = text.split('export const handler = ');
    expect(last).toMatch(/^(lambda|plain)Handler\([^;]*\);\n$/);
    expect(text).not.toMatch(/process\.env|\btry \{|\bcatch\b/);
  }
});

type Manifest = Readonly<Record<'dependencies' | 'devDependencies' | 'peerDependencies', object>>;

function packagesNamedBy(...kinds: readonly (keyof Manifest)[]): readonly string[] {
  const manifest = JSON.parse(readText('package.json')) as Manifest;
  return kinds.flatMap((kind) => Object.keys(manifest[kind]));
}

test('the deployed code imports what package.json names, and nothing that is only installed along', () => {
  const named = packagesNamedBy('dependencies', 'devDependencies');
  const packages = inProduction.map((source) => ({
    ...source,
    imports: source.imports.filter(({ isProject, to }) => !isProject && !to.startsWith('node:')),
  }));
  expect(breaches(packages, (_, to, isType) => !isType && !named.includes(packageOf(to)))).toEqual(
    [],
  );
});

/** Everything outside of the project that is loaded together with a file, as it is written. */
function specifiersLoadedBy(path: string, seen = new Set<string>()): readonly string[] {
  if (seen.has(path)) return [];
  seen.add(path);
  const source = sources.find((candidate) => candidate.path === path);
  return (source?.imports ?? [])
    .filter(({ isType }) => !isType)
    .flatMap(({ isProject, to }) => (isProject ? specifiersLoadedBy(to, seen) : [to]));
}

function packagesLoadedBy(path: string): readonly string[] {
  return specifiersLoadedBy(path).map(packageOf);
}

test('the package that others install needs what it depends on, and depends on nothing else', () => {
  const entries = [
    'infra/certkeep.ts',
    'infra/config-file.ts',
    'infra/stacks.ts',
    'cli/certkeep.ts',
  ];
  const loaded = entries.flatMap(packagesLoadedBy).filter((name) => !name.startsWith('node:'));
  expect(new Set(loaded)).toEqual(new Set(packagesNamedBy('dependencies', 'peerDependencies')));
});

test('checking the configuration loads no SDK and no ACME client', () => {
  const loaded = packagesLoadedBy('shared/config-file/parse.ts');
  expect(loaded).toContain('zod');
  expect(loaded.filter((name) => /^(@aws-sdk|@smithy)\/|^acme-client$/.test(name))).toEqual([]);
});

test('reading the deployed configuration loads no package', () => {
  expect(new Set(packagesLoadedBy('shared/config/deployed.ts'))).toEqual(new Set(['node:crypto']));
});

test.each(bundleNames)('%s reads no YAML and knows no public suffix', (name) => {
  const loaded = packagesLoadedBy(`functions/${name}.ts`);
  expect(loaded).toContain('@aws-sdk/client-s3');
  expect(loaded.filter((each) => ['yaml', 'tldts'].includes(each))).toEqual([]);
});

test.each(bundleNames)('%s validates with the small zod', (name) => {
  const loaded = specifiersLoadedBy(`functions/${name}.ts`);
  expect(loaded).toContain('zod/mini');
  expect(loaded).not.toContain('zod');
});
