import * as crypto from 'node:crypto';
import { syncBuiltinESMExports } from 'node:module';

/** mulberry32: small, and good enough to spread faults and waits. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** A number from a text, to give each case a seed of its own. */
export function hashOf(text: string): number {
  return crypto.createHash('sha256').update(text).digest().readUInt32BE(0);
}

export function seedJitter(random: () => number): void {
  Math.random = random;
}

type Pair = crypto.KeyPairKeyObjectResult;

const rsaPairs: Pair[] = [];
let used = 0;

/** RSA keys cost more than all the rest of a world: each world gets the same ones, in their order. */
export function keepRsaKeys(): void {
  const generate = crypto.generateKeyPairSync as (type: string, options: unknown) => Pair;
  const keeping = (type: string, options: { modulusLength?: number }) => {
    if (type !== 'rsa' || options.modulusLength !== 2048) return generate(type, options);
    const pair = rsaPairs[used] ?? generate(type, options);
    rsaPairs[used] = pair;
    used += 1;
    return pair;
  };
  patchCrypto({ generateKeyPairSync: keeping });
}

/** A new world begins with the first key again. */
export function reuseRsaKeys(): void {
  used = 0;
}

let chance: (() => number) | null = null;

/**
 * What is drawn as an identifier from now on is the same as after every other call: a decision of IAM about
 * an ARN, which is dear, was made in an earlier world then (local/cloud/iam/simulation.ts).
 */
export function repeatIdentifiers(): void {
  const isPatched = chance !== null;
  chance = randomOf(0);
  if (!isPatched) patchIdentifiers(() => chance?.() ?? 0);
}

function patchIdentifiers(next: () => number): void {
  const draw = (size: number) => Buffer.from(Array.from({ length: size }, () => next() * 256));
  const { randomBytes, randomInt } = crypto;
  patchCrypto({
    randomUUID() {
      const hex = draw(16).toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-a${hex.slice(17, 20)}-${hex.slice(20)}`;
    },
    randomBytes: (size: number, then?: Parameters<typeof randomBytes>[1]) =>
      then ? randomBytes(size, then) : draw(size),
    randomInt: (...given: readonly unknown[]) => {
      const [from, to] = given.length > 1 ? given : [0, ...given];
      if (typeof from !== 'number' || typeof to !== 'number')
        return randomInt(...(given as [number]));
      return from + Math.floor(next() * (to - from));
    },
  });
}

function patchCrypto(functions: Readonly<Record<string, unknown>>): void {
  const patched = process.getBuiltinModule('node:crypto') as unknown as Record<string, unknown>;
  Object.assign(patched, functions);
  syncBuiltinESMExports();
}
