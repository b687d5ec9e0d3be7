import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it } from 'vitest';
import { readAssembly } from '#cloud/deploy/assembly.ts';

let directory: string;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'certkeep-assembly-'));
});
afterEach(() => rm(directory, { recursive: true }));

const write = (name: string, content: unknown) =>
  writeFile(join(directory, name), JSON.stringify(content));

const environment = 'aws://000000000000/us-east-1';
const assetsOf = (files: object, dockerImages = {}) => ({ version: '55.0.0', files, dockerImages });

/** An assembly of `Home` and, before it in the manifest, `Copy`, which depends on it. */
async function writeAssembly(change: object = {}): Promise<void> {
  const stack = 'aws:cloudformation:stack';
  const copy = {
    type: stack,
    environment: 'aws://000000000000/eu-west-1',
    properties: { templateFile: 'Copy.template.json', stackName: 'copy-of-home' },
    dependencies: ['Home'],
  };
  const home = {
    type: stack,
    environment,
    properties: { templateFile: 'Home.template.json' },
    dependencies: ['Home.assets'],
  };
  const assets = { type: 'cdk:asset-manifest', properties: { file: 'Home.assets.json' } };
  const artifacts = { Copy: copy, Home: home, 'Home.assets': assets, Tree: { type: 'cdk:tree' } };
  await write('manifest.json', { version: '55.0.0', artifacts: { ...artifacts, ...change } });
  for (const name of ['Home', 'Copy']) await write(`${name}.template.json`, { Resources: {} });
  await write('config.json', { hello: 'there' });
  await mkdir(join(directory, 'asset.code'));
  const destination = (objectKey: string) => ({
    current: { bucketName: 'assets', objectKey, region: 'us-east-1', assumeRoleArn: 'x' },
  });
  const files = {
    code: {
      source: { path: 'asset.code', packaging: 'zip' },
      destinations: destination('code.zip'),
    },
    config: {
      source: { path: 'config.json', packaging: 'file' },
      destinations: destination('config.json'),
    },
  };
  await write('Home.assets.json', assetsOf(files));
}

it('stacks come after those that they depend on, each in its account and region', async () => {
  await writeAssembly();
  const { stacks } = readAssembly(directory);
  expect(stacks.map(({ stackName, account, region }) => [stackName, account, region])).toEqual([
    ['Home', '000000000000', 'us-east-1'],
    ['copy-of-home', '000000000000', 'eu-west-1'],
  ]);
});

it('a file can be read, and a directory lies where it is', async () => {
  await writeAssembly();
  const [code, config] = readAssembly(directory).stacks[0]?.assets ?? [];
  expect(code).toMatchObject({ path: join(directory, 'asset.code'), key: 'code.zip', read: null });
  expect(config).toMatchObject({ bucket: 'assets', key: 'config.json', region: 'us-east-1' });
  expect(config?.read?.().toString()).toBe('{"hello":"there"}');
});

it.each<[string, object, string]>([
  [
    'an artifact of another kind',
    { More: { type: 'cdk:cloud-assembly' } },
    'More: the local cloud does not know artifacts of type cdk:cloud-assembly',
  ],
  [
    'a stack for any account',
    {
      Home: {
        type: 'aws:cloudformation:stack',
        environment: 'aws://unknown-account/unknown-region',
      },
    },
    'Home: a stack needs an account and a region',
  ],
  [
    'stacks that depend on each other',
    { 'Home.assets': { type: 'cdk:asset-manifest', dependencies: ['Home'] } },
    'it depends on itself',
  ],
  [
    'a dependency that is not there',
    { Tree: { type: 'cdk:tree', dependencies: ['Nothing'] } },
    'Nothing: there is no such artifact',
  ],
])('%s is refused', async (_, change, message) => {
  await writeAssembly(change);
  expect(() => readAssembly(directory)).toThrow(message);
});

it('a Docker image is refused', async () => {
  await writeAssembly();
  await write('Home.assets.json', assetsOf({}, { image: {} }));
  expect(() => readAssembly(directory)).toThrow(
    'the local cloud does not know Docker images (image)',
  );
});
