import { isDeepStrictEqual } from 'node:util';
import { type Clock, secondMs } from '#shared/clock.ts';
import type { SolverConfig } from '#shared/config/config.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Solver, TxtValue } from '../solver.ts';
import { normalName, type Route53, type TxtSet, type TxtSwap } from './client.ts';
import { jitteredSleep, type Patience, patiently, wasRefusedAs } from './retry.ts';
import { publicZones } from './zones.ts';

export type Route53Config = Pick<SolverConfig & { type: 'route53' }, 'hostedZoneId'>;

export type Route53Deps = {
  readonly client: Route53;
  readonly clock: Clock;
  readonly random?: () => number;
};

/** For sets of our own; one that others began keeps its own. CAs ask the zone's servers, past any cache. */
const ttlSeconds = 30;

/**
 * Challenge values in Route 53. A set is read, merged and swapped: the batch deletes the exact set that
 * was read, so that Route 53 itself refuses it (InvalidChangeBatch) when somebody wrote in between. An
 * UPSERT would silently undo that write.
 */
export function route53Solver(config: Route53Config, deps: Route53Deps): Solver {
  const { client, clock, random = Math.random } = deps;
  const patience = { clock, random };
  const zones = publicZones(client, clock);
  return {
    async zoneFor(name) {
      if (config.hostedZoneId) return { zoneId: config.hostedZoneId };
      return { zoneId: await patiently(patience, () => zones.zoneFor(normalName(name))) };
    },

    async publish(zoneId, values) {
      const changeId = await swapUntilTaken(client, patience, zoneId, values, withValues).catch(
        (error) => {
          if (wasRefusedAs(error, 'NoSuchHostedZone')) zones.forget();
          throw error;
        },
      );
      return changeId ?? nothingToPublish();
    },

    isPublished: (handle) => patiently(patience, () => client.isInSync(handle)),

    async remove(zoneId, values) {
      try {
        await swapUntilTaken(client, patience, zoneId, values, withoutValues);
      } catch (error) {
        // The values went with their zone.
        if (!wasRefusedAs(error, 'NoSuchHostedZone')) throw error;
        zones.forget();
      }
    },
  };
}

type Merge = (
  name: string,
  found: TxtSet | 'several' | null,
  values: readonly string[],
) => TxtSwap | null;

/** A writer loses a round only when another one wins it, so this many may meet at one name. */
const rounds = 20;
const longestPauseMs = secondMs;

/** Null when there was nothing to change. */
async function swapUntilTaken(
  client: Route53,
  patience: Patience,
  zoneId: string,
  values: readonly TxtValue[],
  merge: Merge,
): Promise<string | null> {
  let refusedBefore: readonly TxtSwap[] | null = null;
  for (let round = 1; ; round += 1) {
    const swaps = await planned(client, patience, zoneId, values, merge);
    if (swaps.length === 0) return null;
    try {
      return await patiently(patience, () => client.swap(zoneId, swaps));
    } catch (error) {
      if (!wasRefusedAs(error, 'InvalidChangeBatch') || round >= rounds) throw error;
      // Nobody wrote in between, so the batch itself is what Route 53 does not like.
      if (isDeepStrictEqual(swaps, refusedBefore)) throw error;
      refusedBefore = swaps;
      await jitteredSleep(patience, longestPauseMs);
    }
  }
}

async function planned(
  client: Route53,
  patience: Patience,
  zoneId: string,
  values: readonly TxtValue[],
  merge: Merge,
): Promise<readonly TxtSwap[]> {
  const swaps: TxtSwap[] = [];
  for (const [name, ours] of Map.groupBy(values, (each) => normalName(each.name))) {
    const found = await patiently(patience, () => client.txtAt(zoneId, name));
    const swap = merge(
      name,
      found,
      ours.map(({ value }) => `"${value}"`),
    );
    if (swap) swaps.push(swap);
  }
  return swaps;
}

/**
 * Also where every value is there already: the change that put it may still be spreading and its id be
 * lost with an earlier run, and a change made now is in sync only after it.
 */
function withValues(
  name: string,
  found: TxtSet | 'several' | null,
  values: readonly string[],
): TxtSwap {
  if (found === 'several') {
    throw new CertkeepError(
      'DnsChangeRefused',
      `${name} has TXT record sets with identifiers (weighted, multivalue or the like), beside which Route 53 takes no plain one; remove them or delegate the name to a zone of its own`,
    );
  }
  const before = found ?? { name, ttlSeconds, values: [] };
  return {
    before: found,
    after: { ...before, values: [...new Set([...before.values, ...values])] },
  };
}

function withoutValues(
  _name: string,
  found: TxtSet | 'several' | null,
  values: readonly string[],
): TxtSwap | null {
  // A plain set, as ours are, cannot be beside sets with identifiers.
  if (found === null || found === 'several') return null;
  const left = found.values.filter((value) => !values.includes(value));
  if (left.length === found.values.length) return null;
  return { before: found, after: left.length > 0 ? { ...found, values: left } : null };
}

function nothingToPublish(): never {
  throw new CertkeepError('DnsChangeRefused', 'there is no value to publish');
}
