import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { expect, test } from 'vitest';
import type { Call } from '#scripts/path/follow.ts';
import { type Walk, walkOf } from '#scripts/path/walk.ts';

const inFile = (from: string, to: string, name: string): Call => ({ from, to, name });

test('a file that is read on is no return, and one that was left is', () => {
  const calls = [
    { from: null, to: 'a.ts', name: 'begin' },
    inFile('a.ts:1:1', 'b.ts', 'first'),
    inFile('b.ts:1:1', 'b.ts', 'own'),
    inFile('a.ts:2:1', 'b.ts', 'second'),
    inFile('a.ts:3:1', 'c.ts', 'other'),
    inFile('c.ts:1:1', 'b.ts', 'first'),
  ];
  const { traceReturns, ...walk } = walkOf(calls);
  expect(walk).toEqual({ jumps: 5, files: 3, returns: 1, returnsTo: { 'b.ts': 1 } });
  expect(traceReturns).toBe(1);
});

test('a call that a loop repeats is followed once', () => {
  const round = [
    inFile('a.ts:1:1', 'b.ts', 'read'),
    inFile('a.ts:2:1', 'c.ts', 'write'),
    inFile('c.ts:2:1', 'c.ts', 'own'),
  ];
  const { returns, traceReturns } = walkOf([...round, ...round]);
  expect({ returns, traceReturns }).toEqual({ returns: 0, traceReturns: 2 });
});

test('the path from a deploy message to the proof comes back to a file at most 25 times', async () => {
  const script = `${import.meta.dirname}/../../../scripts/path.ts`;
  const { stdout } = await promisify(execFile)(process.execPath, [script, '--json']);
  const walks: Record<string, Walk> = JSON.parse(stdout);
  expect(Object.keys(walks)).toEqual(['ontoItsArn', 'ontoNewArn']);
  for (const { files, returns } of Object.values(walks)) {
    expect(files).toBeGreaterThan(20);
    expect(returns).toBeLessThanOrEqual(25);
  }
});
