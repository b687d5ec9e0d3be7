import { isAtOrBelow } from '#shared/acquire/dns/dns-client.ts';
import { type Clock, minuteMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { HostedZone, Route53 } from './client.ts';

type Described = Awaited<ReturnType<Route53['zone']>>;

export type Zones = {
  /** The longest public zone that holds the name. @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<HostedZone>;
  describe(zoneId: string): Promise<Described>;
  /** The zones are not what they were; look again next time. */
  forget(): void;
};

/** Long enough for all names of a run, short enough for a warm process to see a zone that was added. */
const rememberedMs = 10 * minuteMs;

/** One request for all names of a domain, and one for what a zone is. */
export function publicZones(client: Pick<Route53, 'zonesIn' | 'zone'>, clock: Clock): Zones {
  let lists = remembered(clock, client.zonesIn);
  let descriptions = remembered(clock, client.zone);

  function forget() {
    lists = remembered(clock, client.zonesIn);
    descriptions = remembered(clock, client.zone);
  }

  return {
    async zoneFor(name) {
      const candidates = await lists(lastLabels(name, 2));
      const zone = longest(candidates, name);
      if (zone) return zone;
      // A zone created now, because of this error, is found by the next run.
      forget();
      throw new CertkeepError('ZoneNotFound', `no public hosted zone holds ${name}`);
    },
    describe: (zoneId) => descriptions(zoneId),
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

function remembered<T>(
  clock: Clock,
  ask: (key: string) => Promise<T>,
): (key: string) => Promise<T> {
  const known = new Map<string, { readonly value: T; readonly until: number }>();
  return async (key) => {
    const now = clock.now().getTime();
    const before = known.get(key);
    if (before && now < before.until) return before.value;
    const value = await ask(key);
    known.set(key, { value, until: now + rememberedMs });
    return value;
  };
}
