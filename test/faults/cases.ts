import { hashOf } from '#test/support/determinism.ts';
import type { NamedCall } from './calls.ts';
import { faultKinds } from './kinds.ts';
import type { FaultsOptions } from './options.ts';
import type { Strike } from './strike.ts';

type Wanted = Pick<FaultsOptions, 'seed' | 'calls' | 'faults' | 'sample' | 'cases' | 'alone'>;

/** What is played in one world each. */
export function groupsOf(
  calls: readonly NamedCall[],
  wanted: Wanted,
): readonly (readonly Strike[])[] {
  if (wanted.cases.length > 0) return [wanted.cases.map((text) => strikeOf(calls, text))];
  const strikes = strikesOf(calls, wanted);
  return wanted.alone ? strikes.map((strike) => [strike]) : together(strikes);
}

/** @throws Error for a number that no call has. */
function strikeOf(calls: readonly NamedCall[], text: string): Strike {
  const [number = '', fault = ''] = text.split(':');
  const call = calls[Number(number) - 1];
  if (!call) throw new Error(`--case ${text}: there is no call ${number}`);
  return { call, fault };
}

/**
 * Every fault at every call, or those that were asked for, in an order that the seed gives.
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
 * One world for several: certificates go their own ways, so that a fault on the way of each can be
 * played at once. What is broken then is played again, one by one.
 */
function together(strikes: readonly Strike[]): readonly (readonly Strike[])[] {
  const ways = [...Map.groupBy(strikes, ({ call }) => call.certificate).values()];
  const longest = Math.max(0, ...ways.map((way) => way.length));
  return Array.from({ length: longest }, (_, index) => ways.flatMap((way) => way[index] ?? []));
}
