import { beforeAll, expect, test } from 'vitest';
import { type Bill, billOfMaterials } from '#scripts/sbom/bill.ts';
import { type BundledFunction, bundledPackages, packageOf } from '#scripts/sbom/bundled.ts';
import { lockedPackages } from '#scripts/sbom/locked.ts';
import { bundleNames } from '#shared/installation.ts';

let functions: readonly BundledFunction[];
let bill: Bill;
beforeAll(async () => {
  functions = await bundledPackages();
  bill = billOfMaterials(functions, lockedPackages());
}, 180_000);

const libraries = () => bill.components.filter(({ type }) => type === 'library');
const usedBy = (ref: string) => bill.dependencies.find((each) => each.ref === ref)?.dependsOn ?? [];

test('every function stands in it with the hash of its code, and what it holds', () => {
  for (const { name, packages, sha256 } of functions) {
    const component = bill.components.find((each) => each.name === `function-${name}`);
    expect(component?.hashes).toEqual([{ alg: 'SHA-256', content: sha256 }]);
    expect(usedBy(`function-${name}`)).toHaveLength(packages.length);
  }
  expect(functions.map(({ name }) => name)).toEqual(bundleNames);
});

test('every package stands in it once, with version, licence and the hash of its archive, in order', () => {
  for (const { version, purl, hashes, licenses } of libraries()) {
    expect(purl).toMatch(new RegExp(`^pkg:npm/.+@${version.replaceAll('.', '\\.')}$`));
    expect(hashes).toEqual([{ alg: 'SHA-512', content: expect.stringMatching(/^[0-9a-f]{128}$/) }]);
    expect(licenses).toHaveLength(1);
  }
  const refs = libraries().map((each) => each['bom-ref']);
  expect(refs).toEqual([...new Set(refs)].toSorted());
  expect(new Set(bundleNames.flatMap((name) => usedBy(`function-${name}`)))).toEqual(new Set(refs));
});

test('it holds what is in the functions and not what is only installed', () => {
  const names = libraries().map(({ group, name }) => (group ? `${group}/${name}` : name));
  expect(names).toEqual(expect.arrayContaining(['acme-client', 'zod', '@aws-sdk/client-s3']));
  // Replaced by stubs, or not reached from what is used.
  for (const left of ['axios', 'node-forge', 'esbuild', 'aws-cdk-lib']) {
    expect(names).not.toContain(left);
  }
  const alert = usedBy('function-alert').join();
  expect(alert).not.toContain('acme-client');
  expect(usedBy('function-issue').join()).toContain('acme-client');
});

test('no function holds anything whose licence asks more of its users than to be named', () => {
  const licences = libraries().map(({ licenses: [licence] }) =>
    'license' in licence ? licence.license.id : licence.expression,
  );
  const free = ['0BSD', 'Apache-2.0', 'BSD-2-Clause', 'BSD-3-Clause', 'ISC', 'MIT', 'MIT-0'];
  expect(licences.filter((licence) => !free.includes(licence))).toEqual([]);
});

test('the same sources make the same bill', { timeout: 180_000 }, async () => {
  const again = billOfMaterials(await bundledPackages(), lockedPackages());
  expect(JSON.stringify(again)).toBe(JSON.stringify(bill));
});

test.each([
  ['node_modules/zod/v4/core.js', 'node_modules/zod'],
  ['node_modules/@aws-sdk/core/dist/a.js', 'node_modules/@aws-sdk/core'],
  ['node_modules/a/node_modules/@b/c/x/y.js', 'node_modules/a/node_modules/@b/c'],
  ['../outside/node_modules/a/index.js', 'node_modules/a'],
  ['shared/acquire/issue.ts', null],
])('the package of %s is %s', (source, expected) => {
  expect(packageOf(source)).toBe(expected);
});
