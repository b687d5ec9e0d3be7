import { describe, expect, test } from 'vitest';
import { combination } from './combination.ts';

/** Sixty that are the same each time; `npm run freedoms` plays others. */
const seeds = Array.from({ length: 60 }, (_, at) => at + 1);

describe('freedoms taken together', () => {
  test.each(seeds)('%i ends as expected, and asks no more than it may', async (seed) => {
    const { problems, taken } = await combination(seed);
    expect({ taken, problems }).toEqual({ taken, problems: [] });
  });
});
