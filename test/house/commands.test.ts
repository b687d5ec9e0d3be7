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

test('the answer of a function is shown alone, without what the command line says of the call', () => {
  const invoked = pages
    .flatMap(blocksOf)
    .filter(isTyped)
    .flatMap(statementsOf)
    .filter((text) => text.includes('lambda invoke'));
  expect(invoked.length).toBeGreaterThan(10);
  const alone = /\/dev\/stdin answer\.json > \/dev\/null; jq \. answer\.json$/;
  expect(invoked.filter((text) => !alone.test(text))).toEqual([]);
});

test('whoever bootstraps says where: without that it goes to every account with the credentials of one', () => {
  const typed = [
    ...pages.flatMap(blocksOf).filter(isTyped).flatMap(statementsOf),
    ...pages.flatMap(inlineCommandsOf).filter((text) => text !== 'npx cdk bootstrap'),
  ].filter((text) => text.includes('npx cdk bootstrap'));
  expect(typed.length).toBeGreaterThan(2);
  expect(typed.filter((text) => !/cdk bootstrap aws:\/\/\d{12}\/[a-z]/.test(text))).toEqual([]);
});

test('no command is listed that no page names', () => {
  expect(Object.keys(trials).filter((command) => !named.has(command))).toEqual([]);
});

test('what is said to be played stands in a block of which it is played', () => {
  const played = pages
    .flatMap(blocksOf)
    .filter(isTyped)
    .flatMap(statementsOf)
    .map(commandsIn)
    .filter((commands) => commands.every((command) => trials[command] === 'played'))
    .flat();
  const said = Object.keys(trials).filter((command) => trials[command] === 'played');
  expect(said.filter((command) => !played.includes(command))).toEqual([]);
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

test('every script of npm that a page names exists', () => {
  const { scripts } = JSON.parse(readText('package.json'));
  const run = [...named].flatMap((command) => /^npm run (\S+)/.exec(command)?.[1] ?? []);
  expect(run.length).toBeGreaterThan(20);
  expect(run.filter((name) => !Object.hasOwn(scripts, name))).toEqual([]);
});

/** What `certkeep` is told in the pages: its command, and the rest of the line. */
const told = pages
  .flatMap((page) => [
    ...blocksOf(page)
      .filter(isTyped)
      .flatMap(statementsOf)
      .flatMap((text) => text.split('\n')),
    ...inlineCommandsOf(page),
  ])
  .flatMap((line) => [...line.matchAll(/(?:npx certkeep|run -s certkeep --) ([a-z]+)([^|;&#]*)/g)])
  .map(([, command = '', rest = '']) => ({ command, rest: rest.replace(/"[^"]*"/g, '') }));

test.each([...new Set(told.map(({ command }) => command))])(
  'certkeep knows %s, and every option that a page gives it',
  (name) => {
    const args = ['cli/certkeep.ts', name, '--help'];
    const help = execFileSync(process.execPath, args, { encoding: 'utf8' });
    const options = told
      .filter(({ command }) => command === name)
      .flatMap(({ rest }) => rest.match(/--[a-z-]+/g) ?? []);
    expect(help).toContain(`certkeep ${name}`);
    expect(options.filter((option) => !help.includes(option))).toEqual([]);
  },
);
