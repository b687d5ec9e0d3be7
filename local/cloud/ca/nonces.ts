import { randomBytes } from 'node:crypto';
import { refuse } from './problem.ts';

export type Nonces = {
  issue(): string;
  /** Uses up the nonce of a request. Refuses it when it is unknown or used, or at random. */
  spend(nonce: unknown): void;
};

const mostOpenNonces = 100_000;

/** Refuses `rejectPercent` of the good nonces, as Pebble does: clients must retry. */
export function nonces(options: { readonly rejectPercent: number; readonly seed: number }): Nonces {
  const open = new Set<string>();
  const random = seededRandom(options.seed);
  return {
    issue() {
      const nonce = randomBytes(16).toString('base64url');
      open.add(nonce);
      const [oldest] = open;
      if (open.size > mostOpenNonces && oldest) open.delete(oldest);
      return nonce;
    },
    spend(nonce) {
      if (typeof nonce !== 'string' || nonce === '')
        refuse('badNonce', 'JWS has no anti-replay nonce');
      if (!/^[A-Za-z0-9_-]+$/.test(nonce)) refuse('malformed', 'JWS nonce is not base64url');
      if (!open.delete(nonce))
        refuse('badNonce', `JWS has an invalid anti-replay nonce: "${nonce}"`);
      if (random() * 100 < options.rejectPercent) {
        refuse('badNonce', `JWS has an invalid anti-replay nonce: "${nonce}"`);
      }
    },
  };
}

/** mulberry32: a small generator that repeats its sequence for the same seed. */
function seededRandom(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}
