import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';

const { scripts, version } = JSON.parse(readFileSync('package.json', 'utf8'));

function certkeep(...args: readonly string[]) {
  const child = spawnSync(process.execPath, ['cli/certkeep.ts', ...args], { encoding: 'utf8' });
  return { status: child.status, stdout: child.stdout, stderr: child.stderr };
}

test('it says its version, and nothing else', () => {
  expect(certkeep('--version')).toEqual({ status: 0, stdout: `${version}\n`, stderr: '' });
});

test('its help names commands that exist', () => {
  const { status, stdout } = certkeep('--help');
  expect(status).toBe(0);
  const named = [...stdout.matchAll(/^ {2}npm (?:run )?(\S+)/gm)].map(([, name]) => name);
  expect(named).toEqual(['start', 'smoke', 'go-back']);
  for (const name of named) expect(scripts).toHaveProperty(String(name));
});

test.each([[[]], [['--versoin']], [['--version', 'now']]])(
  'it says how it is used where %j is no use of it',
  (args) => {
    const { status, stdout, stderr } = certkeep(...args);
    expect({ status, stdout }).toEqual({ status: 2, stdout: '' });
    expect(stderr).toMatch(/^Usage: npx certkeep /);
  },
);
