import { existsSync } from 'node:fs';
import { expect, test } from 'vitest';
import { leftOut, long } from '#test/support/long.ts';

test('every file that is left to CI is there', () => {
  const root = new URL('../../../', import.meta.url);
  expect(long.filter((path) => !existsSync(new URL(path, root)))).toEqual([]);
  expect(long).toEqual([...new Set(long)].toSorted());
});

test('what somebody names is played whole', () => {
  expect(leftOut(['run', '--project', 'path'])).toEqual([]);
  expect(leftOut(['run', 'test/path/trouble.test.ts'])).toEqual([]);
});
