import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundleFunctions } from '#infra/bundle.ts';
import { largestBundleBytes } from '#infra/bundle-sizes.ts';
import { modulesIn } from '#infra/bundling/modules.ts';
import { channelSpecs } from '#shared/channels/specs.ts';
import { bundleNames } from '#shared/installation.ts';
import { issuerSpecs } from '#shared/issuers/specs.ts';
import { keyStoreSpecs } from '#shared/keystores/specs.ts';
import { solverSpecs } from '#shared/solvers/specs.ts';
import { targetSpecs } from '#shared/targets/specs.ts';

const root = fileURLToPath(new URL('../../..', import.meta.url));
const bundles = bundleFunctions();
const directoryOf = (name: (typeof bundleNames)[number]) => bundles.get(name) ?? '';
const files = (directory: string) => readdirSync(directory).toSorted();

function bytesAtOnce(name: (typeof bundleNames)[number]): number {
  const directory = directoryOf(name);
  return modulesIn(directory).atOnce.reduce(
    (sum, file) => sum + readFileSync(join(directory, file)).length,
    0,
  );
}

test.each(bundleNames)('%s stays within its limit', (name) => {
  const bytes = bytesAtOnce(name);
  const message = `${name} loads ${bytes} bytes at once, its limit is ${largestBundleBytes[name]}. Look what came in (an import of a whole package, a second client, the large zod) before you raise infra/bundle-sizes.ts.`;
  expect(bytes, message).toBeLessThanOrEqual(largestBundleBytes[name]);
});

test.each(bundleNames)('the limit of %s is not far above its size', (name) => {
  const bytes = bytesAtOnce(name);
  const message = `${name} has become smaller, ${bytes} bytes: lower its limit in infra/bundle-sizes.ts.`;
  expect(bytes, message).toBeGreaterThan(0.9 * largestBundleBytes[name]);
});

test('no limit is above the goals', () => {
  const { check, issue, ...others } = largestBundleBytes;
  expect(issue).toBeLessThanOrEqual(900_000);
  // It reads the wishes of people, and answers their mistakes.
  expect(check).toBeLessThanOrEqual(718_000);
  expect(Math.max(...Object.values(others))).toBeLessThanOrEqual(700_000);
});

test.each(bundleNames)('%s is modules and their source maps', (name) => {
  const modules = files(directoryOf(name)).filter((file) => file.endsWith('.mjs'));
  const maps = modules.map((file) => `${file}.map`);
  expect(files(directoryOf(name))).toEqual([...modules, ...maps].toSorted());
});

/** Imports modules in a process without anything in its environment, and prints what each exports. */
function imported(urls: readonly string[]): string {
  const program = `for (const url of ${JSON.stringify(urls)}) console.log(Object.keys(await import(url)).join())`;
  return execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: {},
    encoding: 'utf8',
  });
}

const urlsIn = (name: (typeof bundleNames)[number], modules: readonly string[]) =>
  modules.map((file) => pathToFileURL(join(directoryOf(name), file)).href);

test('every function loads by itself and exports a handler', () => {
  const urls = bundleNames.flatMap((name) => urlsIn(name, ['index.mjs']));
  const exported = imported(urls).trim().split('\n');
  expect(exported).toHaveLength(bundleNames.length);
  for (const names of exported) expect(names.split(',')).toContain('handler');
});

const pluginsOf = {
  issue: [issuerSpecs, keyStoreSpecs, solverSpecs],
  deploy: [keyStoreSpecs, targetSpecs],
  verify: [targetSpecs],
  sync: [keyStoreSpecs],
  alert: [channelSpecs],
} as const;

test.each(Object.entries(pluginsOf))(
  'each plugin of %s is a chunk of its own, and loads',
  (name, specs) => {
    const directory = directoryOf(name as keyof typeof pluginsOf);
    const plugins = modulesIn(directory).later.filter((file) => file.startsWith('plugin-'));
    expect(plugins).toHaveLength(specs.flatMap((kind) => Object.keys(kind)).length);
    const urls = urlsIn(name as keyof typeof pluginsOf, plugins);
    expect(imported(urls)).toBe('plugin\n'.repeat(plugins.length));
  },
);

test.each(bundleNames)('all that %s may load later loads', (name) => {
  const { later } = modulesIn(directoryOf(name));
  expect(() => imported(urlsIn(name, later))).not.toThrow();
});

test('the same sources give the same bytes from another path, where packages are found elsewhere', () => {
  const elsewhere = mkdtempSync(join(tmpdir(), 'certkeep-elsewhere-'));
  try {
    for (const part of ['functions', 'shared', 'infra', 'package.json', 'tsconfig.json']) {
      cpSync(join(root, part), join(elsewhere, 'project', part), { recursive: true });
    }
    symlinkSync(join(root, 'node_modules'), join(elsewhere, 'project', 'node_modules'));
    const again = bundleFunctions({
      root: join(elsewhere, 'project'),
      directory: join(elsewhere, 'bundles'),
    });
    for (const [name, directory] of again) {
      for (const file of files(directoryOf(name))) {
        const same = readFileSync(join(directory, file)).equals(
          readFileSync(join(directoryOf(name), file)),
        );
        expect(same, `${name}/${file}`).toBe(true);
      }
    }
  } finally {
    rmSync(elsewhere, { recursive: true });
  }
});

test('a source map names the files of the project, wherever it lies', () => {
  const maps = files(directoryOf('check'))
    .filter((file) => file.endsWith('.map'))
    .map((file) => JSON.parse(readFileSync(join(directoryOf('check'), file), 'utf8')));
  const sources: readonly string[] = maps.flatMap((map) => map.sources);
  expect(sources).toContain('shared/check/check.ts');
  expect(sources.filter((source) => /^([/.]|[A-Z]:)/.test(source))).toEqual([]);
  for (const map of maps) expect(map.sourcesContent).toBeUndefined();
});

test('a failed bundle is reported in esbuild’s words', () => {
  expect(() => bundleFunctions({ root: tmpdir(), directory: join(tmpdir(), 'nothing') })).toThrow(
    /Could not resolve "functions\/\w+\.ts"/,
  );
});
