import { Command } from 'commander';
import { expect, test } from 'vitest';
import { nextHere } from '#cli/next-here.ts';

const program = new Command('npx certkeep');
program.command('status').option('--local', 'look at the local cloud');
program.command('validate');

test.each([
  ['npx certkeep status', 'npx certkeep status --local'],
  ['npx certkeep status shop', 'npx certkeep status shop --local'],
  ['npx certkeep status --local', 'npx certkeep status --local'],
  ['npx certkeep status --help', 'npx certkeep status --help'],
  ['npx certkeep status --region REGION', 'npx certkeep status --region REGION'],
  ['npx certkeep validate', 'npx certkeep validate'],
  ['npm start -- --keep', 'npm start -- --keep'],
])('beside a kept local cloud, "%s" is told as "%s"', (next, here) => {
  expect(nextHere(program, ['show', 'shop', '--local'])(next)).toBe(here);
  expect(nextHere(program, ['show', 'shop'])(next)).toBe(next);
});
