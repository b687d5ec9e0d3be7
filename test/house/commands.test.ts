import { execFileSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import {
  blocksOf,
  commandsIn,
  inlineCommandsOf,
  isTyped,
  pages,
  statementsOf,
} from '#test/support/documents/blocks.ts';
import { trials } from '#test/support/documents/commands.ts';
import { readText } from './sources.ts';

const namedIn = (page: string) => [
  ...blocksOf(page).filter(isTyped).flatMap(statementsOf).flatMap(commandsIn),
  ...inlineCommandsOf(page).flatMap(commandsIn),
];
const named = new Set(pages.flatMap(namedIn));

test.each(pages)('a test runs every command of %s, or a reason says why none does', (page) => {
  expect(namedIn(page).filter((command) => !Object.hasOwn(trials, command))).toEqual([]);
});

test('no command is listed that no page names', () => {
  expect(Object.keys(trials).filter((command) => !named.has(command))).toEqual([]);
});

test('the files that are said to run a command do so', () => {
  const files = Object.entries(trials).flatMap(([command, trial]) =>
    typeof trial === 'object' && 'by' in trial ? [{ command, ...trial }] : [],
  );
  expect(files.length).toBeGreaterThan(30);
  expect(files.filter(({ by, where }) => !existsSync(by) || !readText(by).includes(where))).toEqual(
    [],
  );
});

test('every script of npm and every command of certkeep that a page names exists', () => {
  const { scripts } = JSON.parse(readText('package.json'));
  const help = execFileSync(process.execPath, ['cli/certkeep.ts', '--help'], { encoding: 'utf8' });
  const commands = [...help.matchAll(/^ {2}([a-z]+) /gm)].map(([, name]) => name);
  const last = (prefix: string) =>
    [...named].flatMap((command) =>
      command.startsWith(prefix) ? [command.slice(prefix.length)] : [],
    );
  const run = last('npm run ').map((words) => words.split(' ')[0] ?? '');
  expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
  expect(last('npx certkeep ').filter((name) => !commands.includes(name))).toEqual([]);
});
