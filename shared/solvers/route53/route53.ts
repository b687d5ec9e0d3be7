import { isAtOrBelow } from '#shared/dns/dns-client.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import { allAtOnce, type Solver, type Zone } from '../solver.ts';
import type { SolverConfig } from '../specs.ts';
import { normalName, type Route53 } from './client.ts';
import { patiently, wasRefusedAs } from './retry.ts';
import { swapUntilTaken } from './swap.ts';
import { ownSet, withoutValues, withValues } from './txt-sets.ts';
import { publicZones, type Zones } from './zones.ts';

export type Route53Config = Pick<SolverConfig & { type: 'route53' }, 'hostedZoneId'>;

export type Route53Deps = {
  readonly client: Route53;
  readonly clock: Clock;
  readonly random?: () => number;
};

/**
 * Publishes challenge values in Route 53. It reads a set, merges and swaps: the batch deletes the exact set that was read,
 * so Route 53 refuses it (InvalidChangeBatch) when somebody wrote in between. An UPSERT would silently undo that write.
 */
export function route53Solver(config: Route53Config, deps: Route53Deps): Solver {
  const { client, clock, random = Math.random } = deps;
  const patience = { clock, random };
  const zones = publicZones(client, clock);
  const writer = { client, patience };
  return {
    // GetChange says when all Route 53 servers have a change.
    settleMs: 0,

    async zoneFor(name) {
      const normal = normalName(name);
      const { hostedZoneId } = config;
      return patiently(patience, () =>
        hostedZoneId ? namedZone(zones, hostedZoneId, normal) : zones.zoneFor(normal),
      );
    },

    async nameServers(zoneId) {
      const zone = await patiently(patience, () => describedZone(zones, zoneId));
      return zone && zone.nameServers.length > 0 ? zone.nameServers : null;
    },

    async publish(zoneId, values, _owner, steps = allAtOnce) {
      try {
        const changeId = await swapUntilTaken(writer, zoneId, values, {
          guess: (name, quoted) => ({ before: null, after: ownSet(name, quoted) }),
          merge: withValues,
        });
        if (changeId === null) return nothingToPublish();
        await steps.done(values, changeId);
        return changeId;
      } catch (error) {
        if (wasRefusedAs(error, 'NoSuchHostedZone')) zones.forget();
        throw error;
      }
    },

    // A change takes 10 to 60 seconds, and each look is one of the account's ten requests a second (throttling-api-requests.html).
    spreadsForWaits: 4,

    isPublished: (handle) => patiently(patience, () => client.isInSync(handle)),

    async remove(zoneId, values, steps = allAtOnce) {
      try {
        await swapUntilTaken(writer, zoneId, values, {
          guess: (name, quoted) => ({ before: ownSet(name, quoted), after: null }),
          merge: withoutValues,
        });
      } catch (error) {
        // The values are gone together with their zone.
        if (!wasRefusedAs(error, 'NoSuchHostedZone')) throw error;
        zones.forget();
      }
      await steps.done(values, '');
    },
  };
}

/** The configured zone, if CAs can see it and it holds the name. */
async function namedZone(zones: Zones, zoneId: string, name: string): Promise<Zone> {
  const zone = await describedZone(zones, zoneId);
  if (!zone || (!zone.isPrivate && isAtOrBelow(name, zone.name))) {
    return { zoneId, name: zone?.name ?? null };
  }
  zones.forget();
  throw new CertkeepError(
    'ZoneNotFound',
    zone.isPrivate
      ? `${zoneId} (${zone.name}) is a private zone, which no CA sees`
      : `${zoneId} is the zone of ${zone.name} and does not hold ${name}`,
  );
}

/** Returns null where a role that somebody else wrote allows writes to the zone but not a look at it. */
async function describedZone(zones: Zones, zoneId: string) {
  try {
    return await zones.describe(zoneId);
  } catch (error) {
    if (wasRefusedAs(error, 'AccessDenied')) return null;
    if (!wasRefusedAs(error, 'NoSuchHostedZone')) throw error;
    throw new CertkeepError('ZoneNotFound', `there is no hosted zone ${zoneId}`, { cause: error });
  }
}

function nothingToPublish(): never {
  throw new CertkeepError('DnsChangeRefused', 'there is no value to publish');
}
