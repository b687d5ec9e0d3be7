import { readdirSync, readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const root = new URL('../../', import.meta.url);
const read = (path: string) => readFileSync(new URL(path, root), 'utf8');
const filesIn = (path: string) => readdirSync(new URL(path, root)).map((name) => `${path}${name}`);

test('CI installs nothing by pip but what stands in a list with its hashes', () => {
  const installs = read('.ci/run')
    .split('\n')
    .filter((line) => /pip" install/.test(line));
  expect(installs).toHaveLength(3);
  for (const line of installs)
    expect(line).toMatch(/ --require-hashes -r \.ci\/requirements\/\S+$/);
  for (const path of filesIn('.ci/requirements/')) {
    const packages = read(path)
      .split(/^(?=[a-z])/m)
      .slice(1);
    expect(packages.length).toBeGreaterThan(5);
    const unsure = packages.filter(
      (each) => !/^\S+==\S+ [\s\S]*--hash=sha256:[0-9a-f]{64}/.test(each),
    );
    expect(unsure).toEqual([]);
    expect(read(path)).not.toMatch(/^-|:\/\//m);
  }
});

test('a workflow uses actions of others by their commits alone, and may by itself do nothing', () => {
  for (const path of filesIn('.github/workflows/')) {
    const text = read(path);
    const uses = [...text.matchAll(/uses: (\S+)(.*)/g)];
    expect(uses.length).toBeGreaterThan(0);
    for (const [, action, comment] of uses) {
      expect(action).toMatch(/^[\w-]+\/[\w-]+@[0-9a-f]{40}$/);
      expect(comment).toMatch(/^ # v\d+\.\d+\.\d+$/);
    }
    expect(text).toMatch(/^permissions: \{\}$/m);
  }
});

/** `>=22.12`, `^22.12.0 || >=24`, `20 || >=22`: whether a version is in the range. */
function isIn(range: string, [major = 0, minor = 0]: readonly number[]): boolean {
  return range.split('||').some((part) => {
    const [, sign = '', first = '0', second = '0'] =
      /^(>=|\^|~)?\s*(\d+)(?:\.(\d+))?/.exec(part.trim()) ?? [];
    if (part.trim() === '*') return true;
    const isLater = major > Number(first) || (major === Number(first) && minor >= Number(second));
    return isLater && (sign === '>=' || major === Number(first));
  });
}

test('the Node that people are told to have is enough for everything that npm installs', () => {
  const { engines } = JSON.parse(read('package.json'));
  const least = engines.node.replace('>=', '').split('.').map(Number);
  const { packages } = JSON.parse(read('package-lock.json'));
  const short = Object.entries<{ engines?: { node?: string }; optional?: true }>(packages)
    .filter(([, { optional }]) => !optional)
    .filter(([, each]) => each.engines?.node && !isIn(each.engines.node, least))
    .map(([name]) => name);
  expect(isIn('^22.13.0 || >=23', [22, 12])).toBe(false);
  expect(short).toEqual([]);
});

test('Node is one version for people, packages and functions', () => {
  const { devDependencies, engines } = JSON.parse(read('package.json'));
  const [major] = devDependencies.node.split('.');
  expect(read('.nvmrc').trim()).toBe(major);
  expect(devDependencies['@types/node'].split('.')[0]).toBe(major);
  expect(read('infra/parts/functions.ts')).toContain(`NODEJS_${major}_X`);
  for (const page of ['README.md', 'CONTRIBUTING.md', 'examples/README.md']) {
    expect(read(page)).toContain(`Node ${engines.node.replace('>=', '')} or newer`);
  }
});
