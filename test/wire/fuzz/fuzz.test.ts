import { describe, expect, test } from 'vitest';
import type { Fuzz } from './fuzz.ts';
import { fuzzes } from './fuzzes.ts';
import { playInChild } from './in-child.ts';
import { type Played, play } from './play.ts';
import { findingsIn } from './verdict.ts';

/** Some begin a process, on a machine that may be busy. */
const longestMs = 180_000;
/** The same inputs in every run; `npm run fuzz` plays others, and many more. */
const seed = 1;

describe('no outside input causes an error without a name, or takes more than 64 MiB', () => {
  test.each(fuzzes)(
    '$name',
    async (fuzz) => {
      expect(findingsIn(await played(fuzz))).toEqual([]);
    },
    longestMs,
  );
});

/** Memory is looked at where one input may take much: that costs a process. */
async function played(fuzz: Fuzz): Promise<Played> {
  const inputs = { seed, count: fuzz.fixed };
  if (fuzz.isLarge) return playInChild(fuzz, inputs);
  const peer = await fuzz.serve?.(seed);
  try {
    const { bare, examples, ...rest } = await play(fuzz, inputs, peer?.address);
    return { ...rest, bare, examples, peakMiB: 0, heldMiB: 0 };
  } finally {
    await peer?.close();
  }
}
