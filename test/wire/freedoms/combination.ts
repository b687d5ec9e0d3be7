import type { FreedomName } from './ca/catalogue.ts';
import { drawn, expectedOf, failuresOf, mostRequests, ordersOf } from './expected.ts';
import { type Played, play } from './world.ts';

export type Combination = {
  readonly taken: readonly FreedomName[];
  readonly played: Played;
  /** As sentences; empty where everything is as expected. */
  readonly problems: readonly string[];
};

/** Plays what a seed draws. The same seed draws the same freedoms. */
export async function combination(seed: number): Promise<Combination> {
  const taken = drawn(seeded(seed));
  const played = await play(taken);
  return { taken, played, problems: problemsOf(taken, played) };
}

function problemsOf(taken: readonly FreedomName[], played: Played): readonly string[] {
  const { failures, finalized, left, message, names, orders, outcome, requests } = played;
  const isIssued = outcome === 'issues';
  const expected = expectedOf(taken);
  const mostOrders = isIssued ? ordersOf(taken) : failures * ordersOf(taken);
  const mostFinalized = isIssued ? 1 : failures;
  return [
    ...(expected.includes(outcome) ? [] : [`${outcome} instead of ${expected}: ${message}`]),
    ...(isIssued && failures > failuresOf(taken) ? [`${failures} failures`] : []),
    ...(left.length > 0 ? [`left in DNS: ${left}`] : []),
    ...(isIssued && names.length !== 2 ? [`names are ${names}`] : []),
    ...(orders > mostOrders ? [`${orders} orders instead of ${mostOrders}`] : []),
    ...(finalized > mostFinalized ? [`${finalized} orders were finalized`] : []),
    ...(requests > mostRequests(played) ? [`${requests} requests for ${failures} failures`] : []),
  ];
}

/** mulberry32: numbers from 0 to 1. */
function seeded(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}
