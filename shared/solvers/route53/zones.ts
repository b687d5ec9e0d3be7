import { isAtOrBelow } from '#shared/dns/dns-client.ts';
import { CertkeepError } from '#shared/errors.ts';
import { type Clock, minuteMs } from '#shared/time/clock.ts';
import { ttlCache } from '#shared/time/ttl-cache.ts';
import type { HostedZone, Route53 } from './client.ts';

type Described = Awaited<ReturnType<Route53['zone']>>;

export type Zones = {
  /** The longest public zone that holds the name. @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<HostedZone>;
  describe(zoneId: string): Promise<Described>;
  /** Forgets the zones, since they have changed; the next call reads them again. */
  forget(): void;
};

const keptMs = 10 * minuteMs;

/** Sends one request for all names of a domain, and one for the details of each zone. */
export function publicZones(client: Pick<Route53, 'zonesIn' | 'zone'>, clock: Clock): Zones {
  const lists = ttlCache(clock, keptMs, client.zonesIn);
  const descriptions = ttlCache(clock, keptMs, client.zone);

  function forget() {
    lists.forget();
    descriptions.forget();
  }

  return {
    async zoneFor(name) {
      const zone = longest(await lists.get(lastLabels(name, 2)), name);
      if (zone) return zone;
      // The error makes a person create the zone; the next run must find it.
      forget();
      throw new CertkeepError('ZoneNotFound', `no public hosted zone holds ${name}`);
    },
    describe: (zoneId) => descriptions.get(zoneId),
    forget,
  };
}

function lastLabels(name: string, count: number): string {
  return name.split('.').slice(-count).join('.');
}

function longest(zones: readonly HostedZone[], name: string): HostedZone | null {
  const [first, second] = zones
    .filter((zone) => !zone.isPrivate && isAtOrBelow(name, zone.name))
    .sort((one, other) => other.name.length - one.name.length);
  if (first && first.name === second?.name) {
    const ids = zones.filter((zone) => !zone.isPrivate && zone.name === first.name);
    throw new CertkeepError(
      'ZoneNotFound',
      `${ids.length} public zones are named ${first.name} (${ids.map(({ zoneId }) => zoneId).join(', ')}); name the delegated one as hostedZoneId`,
    );
  }
  return first ?? null;
}
