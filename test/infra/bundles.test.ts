import { execFileSync } from 'node:child_process';
import { cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { expect, test } from 'vitest';
import { bundleNames } from '#functions/names.ts';
import { budgetBytes } from '#infra/budgets.ts';
import { bundleFunctions } from '#infra/bundle.ts';

const root = fileURLToPath(new URL('../..', import.meta.url));
const bundles = bundleFunctions();
const directoryOf = (name: (typeof bundleNames)[number]) => bundles.get(name) ?? '';
const files = (directory: string) => readdirSync(directory).toSorted();

test.each(bundleNames)('%s stays within its budget', (name) => {
  const bytes = readFileSync(join(directoryOf(name), 'index.mjs')).length;
  const message = `${name} is bundled to ${bytes} bytes, its budget is ${budgetBytes[name]}. Look what came in (an import of a whole package, a second client, the large zod) before you raise infra/budgets.ts.`;
  expect(bytes, message).toBeLessThanOrEqual(budgetBytes[name]);
});

test.each(bundleNames)('the budget of %s is not far above what it has', (name) => {
  const bytes = readFileSync(join(directoryOf(name), 'index.mjs')).length;
  const message = `${name} has become smaller, ${bytes} bytes: lower its budget in infra/budgets.ts.`;
  expect(bytes, message).toBeGreaterThan(0.9 * budgetBytes[name]);
});

test('no budget is above the goals', () => {
  const { issue, deploy, ...others } = budgetBytes;
  expect(issue).toBeLessThanOrEqual(920_000);
  expect(deploy).toBeLessThanOrEqual(550_000);
  expect(Math.max(...Object.values(others))).toBeLessThanOrEqual(500_000);
});

test.each(bundleNames)('%s is one module and its source map', (name) => {
  expect(files(directoryOf(name))).toEqual(['index.mjs', 'index.mjs.map']);
});

test('every module loads by itself and exports a handler', () => {
  const urls = bundleNames.map((name) => pathToFileURL(join(directoryOf(name), 'index.mjs')).href);
  const program = `for (const url of ${JSON.stringify(urls)}) console.log(Object.keys(await import(url)).join())`;
  const printed = execFileSync(process.execPath, ['--input-type=module', '-e', program], {
    env: {},
    encoding: 'utf8',
  });
  expect(printed).toBe('handler\n'.repeat(bundleNames.length));
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
  const map = JSON.parse(readFileSync(join(directoryOf('check'), 'index.mjs.map'), 'utf8'));
  expect(map.sources).toContain('shared/check/check.ts');
  expect(map.sources.filter((source: string) => /^([/.]|[A-Z]:)/.test(source))).toEqual([]);
  expect(map.sourcesContent).toBeUndefined();
});

test('what cannot be bundled is said in the words of esbuild', () => {
  expect(() => bundleFunctions({ root: tmpdir(), directory: join(tmpdir(), 'nothing') })).toThrow(
    /Could not resolve "functions\/check\.ts"/,
  );
});
