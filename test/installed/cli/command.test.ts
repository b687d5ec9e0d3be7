import { spawnSync } from 'node:child_process';
import { readFileSync, statSync } from 'node:fs';
import { expect, test } from 'vitest';

const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8'));

function certkeep(...args: readonly string[]) {
  const child = spawnSync(process.execPath, ['cli/certkeep.ts', ...args], { encoding: 'utf8' });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

test('it says its version, and nothing else', () => {
  expect(certkeep('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('npx finds the command of the package in a checkout, where nothing is built', () => {
  const { bin } = JSON.parse(readFileSync('package.json', 'utf8'));
  const child = spawnSync(process.execPath, [bin.certkeep, '--version'], { encoding: 'utf8' });
  expect(child).toMatchObject({ status: 0, stdout: `${version}\n`, stderr: '' });
  expect(statSync(bin.certkeep).mode & 0o111).toBe(0o111);
});

test('the example is valid, with a warning about an address of nobody', () => {
  const { status, stdout, stderr } = certkeep('validate', 'certkeep.example.yaml');
  expect({ status, stderr }).toEqual({ status: 1, stderr: '' });
  expect(stdout).toMatch(/\ncertkeep\.example\.yaml is valid: 6 certificates with 7 names, /);
});

test('its help names commands that exist', () => {
  const { status, stdout } = certkeep('--help');
  expect(status).toBe(0);
  expect(stdout).toMatch(/^Usage: npx certkeep /);
  const named = [...stdout.matchAll(/^ {2}npm (?:run )?(\S+)/gm)].map(([, name]) => name);
  expect(named).toEqual(['start', 'smoke', 'go-back']);
  for (const name of named) expect(scripts).toHaveProperty(String(name));
});

test.each(['doctor', 'inventory'])('the help of %s says what it looks at', (command) => {
  const { status, stdout } = certkeep(command, '--help');
  expect(status).toBe(0);
  for (const option of ['--config', '--local', '--json']) expect(stdout).toContain(option);
});

test.each([
  'diff',
  'status',
  'show',
  'history',
  'logs',
  'plan',
  'export',
  'renew',
  'retry',
  'pause',
  'resume',
])('the help of %s says where it looks', (command) => {
  const { status, stdout } = certkeep(command, '--help');
  expect(status).toBe(0);
  for (const option of ['--installation', '--region', '--account', '--config', '--local']) {
    expect(stdout).toContain(option);
  }
});

test('without a command it says how it is used', () => {
  const { status, stdout, stderr } = certkeep();
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toMatch(/^Usage: npx certkeep /);
});

test.each([
  [['--versoin'], '--versoin'],
  [['stats'], 'Did you mean status?'],
  [['status', '--sort', 'color'], 'Allowed choices are state, ends, renews, name.'],
  [['show'], "missing required argument 'ID'"],
  [['show', 'shop', 'blog'], 'too many arguments'],
  [['status', '--config', 'none.yaml'], 'none.yaml'],
  [['validate', 'none.yaml'], 'none.yaml is not there'],
  [['diff', 'none.yaml'], 'none.yaml is not there'],
  [['init', '--region', 'Frankfurt', '--out', 'none.yaml'], 'is not the name of a region'],
])('%j is no use of it: it says why, and the next command', (args, why) => {
  const { status, stdout, stderr } = certkeep(...args);
  expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
  expect(stderr).toContain(why);
  expect(stderr.trimEnd().split('\n').at(-1)).toMatch(/^Next: npx certkeep /);
});
