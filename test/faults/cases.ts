import { hashOf } from 'local-cloud/kit/determinism.ts';
import { type NamedCall, representatives } from './calls.ts';
import { fixedStrikes, wayOf } from './fixed.ts';
import { recalled } from './former-failures.ts';
import { faultKinds, isSilent } from './kinds.ts';
import type { FaultsOptions } from './options.ts';
import type { Case, Strike } from './strike.ts';

type Wanted = Pick<
  FaultsOptions,
  'seed' | 'calls' | 'faults' | 'sample' | 'cases' | 'alone' | 'fixed'
>;

/** Returns the strikes for each world, from all calls in the order of their arrival. */
export function casesOf(seen: readonly NamedCall[], wanted: Wanted): readonly Case[] {
  const { seed } = wanted;
  if (wanted.fixed) {
    return [...recalled(seen).cases, ...inWorlds(seed, together(fixedStrikes(seen)))];
  }
  const calls = numbered(seen);
  if (wanted.cases.length > 0) return [oneWorld(calls, wanted)];
  const strikes = strikesOf(calls, wanted);
  return inWorlds(seed, wanted.alone ? strikes.map((strike) => [strike]) : together(strikes));
}

/** Returns the calls that stand for all, where a number names one. */
export function numbered(seen: readonly NamedCall[]): readonly NamedCall[] {
  return [...Map.groupBy(seen, ({ setting }) => setting).values()].flatMap(representatives);
}

/** Combines the same strikes with others than before. */
export function regrouped(strikes: readonly Strike[], seed: number): readonly Case[] {
  return inWorlds(seed, together(strikes));
}

function inWorlds(seed: number, groups: readonly (readonly Strike[])[]): readonly Case[] {
  return groups.map((strikes) => ({ setting: strikes[0]?.call.setting ?? '', seed, strikes }));
}

/** @throws Error for a number that no call has, and for calls of two settings */
function oneWorld(calls: readonly NamedCall[], { cases, seed }: Wanted): Case {
  const strikes = cases.map((text) => strikeOf(calls, text));
  const [setting = '', ...more] = new Set(strikes.map(({ call }) => call.setting));
  if (more.length > 0) throw new Error(`--case: ${setting} and ${more} are not one world`);
  return { setting, seed, strikes };
}

/** @throws Error for a number that no call has. */
function strikeOf(calls: readonly NamedCall[], text: string): Strike {
  const [number = '', fault = ''] = text.split(':');
  const call = calls[Number(number) - 1];
  if (!call) throw new Error(`--case ${text}: there is no call ${number}`);
  return { call, fault };
}

/**
 * Returns every fault at every call, or the requested ones, in an order that depends on the seed.
 * @throws Error for a call that does not come
 */
function strikesOf(calls: readonly NamedCall[], wanted: Wanted): readonly Strike[] {
  const { seed, calls: asked, faults, sample } = wanted;
  const isFound = (one: string) => calls.some((call, index) => isWanted(call, index, one));
  const missing = asked.filter((one) => !isFound(one));
  if (missing.length > 0) throw new Error(`--call ${missing.join(', ')}: there is no such call`);
  const strikes = calls
    .filter((call, index) => asked.length === 0 || asked.some((one) => isWanted(call, index, one)))
    .flatMap((call) =>
      faultKinds
        .filter(({ name, applies }) => faults.includes(name) && applies(call))
        .map(({ name }) => ({ call, fault: name })),
    );
  const rank = ({ call, fault }: Strike) => hashOf(`${seed} ${call.id} ${fault}`);
  return strikes.toSorted((a, b) => rank(a) - rank(b)).slice(0, sample ?? strikes.length);
}

function isWanted(call: NamedCall, index: number, wanted: string): boolean {
  return /^\d+$/.test(wanted) ? index + 1 === Number(wanted) : call.id.includes(wanted);
}

/**
 * Puts several strikes into one world: functions and certificates work independently, so that one fault can be played on
 * each at once. A function with very many calls, as check has, takes up to four of them in one world, or thousands of
 * worlds would have it alone. Broken ones are then repeated one by one, and so are those whose call did not come. Silent
 * faults, of which nobody need hear, share worlds of their own, since a message to people counts as broken only where all
 * faults are silent.
 */
function together(strikes: readonly Strike[]): readonly (readonly Strike[])[] {
  const alike = Map.groupBy(strikes, (strike) => `${strike.call.setting} ${isSilent(strike)}`);
  return [...alike.values()].flatMap((here) => {
    const ways = [...Map.groupBy(here, ({ call }) => wayOf(call)).values()];
    const worlds = worldsFor(Math.max(0, ...ways.map((way) => way.length)));
    return Array.from({ length: worlds }, (_, world) =>
      ways.flatMap((way) => way.filter((_, index) => index % worlds === world)),
    );
  });
}

const mostOfAWay = 4;
const fewestWorlds = 100;

function worldsFor(longest: number): number {
  return Math.min(longest, Math.max(fewestWorlds, Math.ceil(longest / mostOfAWay)));
}
