import { expect, test } from 'vitest';
import { throwAny } from '#shared/each.ts';

test('what failed alone is thrown as it is', () => {
  const failure = new RangeError('too far');
  expect(() => throwAny([failure])).toThrow(failure);
});

test('what failed together is one error that says and holds each of them', () => {
  const failures = [new Error('one'), new Error('another')];
  expect(() => throwAny(failures)).toThrow(
    expect.objectContaining({ message: 'one; another', errors: failures }),
  );
});

test('where nothing failed, nothing is thrown', () => {
  expect(() => throwAny([])).not.toThrow();
});
