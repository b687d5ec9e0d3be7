import { expect, test } from 'vitest';
import { throwAny } from '#shared/each.ts';

test('a single failure is thrown as it is', () => {
  const failure = new RangeError('too far');
  expect(() => throwAny([failure])).toThrow(failure);
});

test('several failures become one error that says and holds each of them', () => {
  const failures = [new Error('one'), new Error('another')];
  expect(() => throwAny(failures)).toThrow(
    expect.objectContaining({ message: 'one; another', errors: failures }),
  );
});

test('if nothing failed, it throws nothing', () => {
  expect(() => throwAny([])).not.toThrow();
});
