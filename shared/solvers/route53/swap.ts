import { isDeepStrictEqual } from 'node:util';
import { secondMs } from '#shared/time/clock.ts';
import { jittered, pause } from '#shared/time/waiting.ts';
import type { TxtValue } from '../solver.ts';
import { normalName, type Route53, type TxtSwap } from './client.ts';
import { type Patience, patiently, wasRefusedAs } from './retry.ts';
import type { Merge } from './txt-sets.ts';

export type Writer = { readonly client: Route53; readonly patience: Patience };

export type Plan = {
  /** The swap if nobody else has a set at the name. */
  readonly guess: (name: string, quoted: readonly string[]) => TxtSwap;
  /** The swap for the sets that are there. */
  readonly merge: Merge;
};

/** A writer loses a round only when another writer wins it, so this many writers may meet at one name. */
const rounds = 20;
const longestPauseMs = secondMs;

/**
 * Tries the guess first: it is nearly always right, and costs one request for any number of names. When Route 53 refuses
 * it, reads and merges until Route 53 accepts. Null when there was nothing to change.
 */
export async function swapUntilTaken(
  writer: Writer,
  zoneId: string,
  values: readonly TxtValue[],
  { guess, merge }: Plan,
): Promise<string | null> {
  const wanted = byName(values);
  if (wanted.length === 0) return null;
  const guessed = await swapped(
    writer,
    zoneId,
    wanted.map(([name, quoted]) => guess(name, quoted)),
  );
  if ('changeId' in guessed) return guessed.changeId;
  let refusedBefore: readonly TxtSwap[] | null = null;
  for (let round = 1; ; round += 1) {
    const swaps = await planned(writer, zoneId, wanted, merge);
    if (swaps.length === 0) return null;
    const outcome = await swapped(writer, zoneId, swaps);
    if ('changeId' in outcome) return outcome.changeId;
    // Nobody wrote in between, so Route 53 refuses the batch itself.
    if (round >= rounds || isDeepStrictEqual(swaps, refusedBefore)) throw outcome.conflict;
    refusedBefore = swaps;
    const { clock, random } = writer.patience;
    await pause(clock, jittered(random, longestPauseMs));
  }
}

type Outcome = { readonly changeId: string } | { readonly conflict: unknown };

async function swapped(
  { client, patience }: Writer,
  zoneId: string,
  swaps: readonly TxtSwap[],
): Promise<Outcome> {
  try {
    return { changeId: await patiently(patience, () => client.swap(zoneId, swaps)) };
  } catch (error) {
    if (wasRefusedAs(error, 'InvalidChangeBatch')) return { conflict: error };
    throw error;
  }
}

async function planned(
  { client, patience }: Writer,
  zoneId: string,
  wanted: readonly Wanted[],
  merge: Merge,
): Promise<readonly TxtSwap[]> {
  const swaps: TxtSwap[] = [];
  for (const [name, quoted] of wanted) {
    const found = await patiently(patience, () => client.txtAt(zoneId, name));
    swaps.push(...merge(name, found, quoted));
  }
  return swaps;
}

type Wanted = readonly [name: string, quoted: readonly string[]];

function byName(values: readonly TxtValue[]): readonly Wanted[] {
  return [...Map.groupBy(values, ({ name }) => normalName(name))].map(([name, ours]) => [
    name,
    ours.map(({ value }) => `"${value}"`),
  ]);
}
