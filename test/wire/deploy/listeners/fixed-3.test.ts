import { expect, test } from 'vitest';
import { lotsOf, violationsIn } from './fixed.ts';

test.each(lotsOf(3).map((seeds) => [seeds]))(
  'clients of drawn listeners get what they should: seeds %j',
  async (seeds) => {
    expect(await violationsIn(seeds)).toEqual([]);
  },
);
