import { type Clock, minuteMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import type { Route53 } from './client.ts';

export type Zones = {
  /** @throws CertkeepError ZoneNotFound */
  zoneFor(name: string): Promise<string>;
  /** The zone is not what it was; look again next time. */
  forget(): void;
};

/** Long enough for all names of a run, short enough for a warm process to see a zone that was added. */
const rememberedMs = 10 * minuteMs;

/** The longest public zone that holds the name. One request for each label until it is found. */
export function publicZones(client: Pick<Route53, 'zonesNamed'>, clock: Clock): Zones {
  let known = new Map<string, { readonly zoneId: string | null; readonly until: number }>();

  async function zoneNamed(name: string): Promise<string | null> {
    const now = clock.now().getTime();
    const before = known.get(name);
    if (before && now < before.until) return before.zoneId;
    const zones = (await client.zonesNamed(name)).filter(({ isPrivate }) => !isPrivate);
    if (zones.length > 1) {
      throw new CertkeepError(
        'ZoneNotFound',
        `${zones.length} public zones are named ${name} (${zones.map(({ zoneId }) => zoneId).join(', ')}); name the delegated one as hostedZoneId`,
      );
    }
    const zoneId = zones[0]?.zoneId ?? null;
    known.set(name, { zoneId, until: now + rememberedMs });
    return zoneId;
  }

  return {
    async zoneFor(name) {
      const labels = name.split('.');
      for (let from = 0; from < labels.length; from += 1) {
        const zoneId = await zoneNamed(labels.slice(from).join('.'));
        if (zoneId) return zoneId;
      }
      // A zone created now, because of this error, is found by the next run.
      known = new Map();
      throw new CertkeepError('ZoneNotFound', `no public hosted zone holds ${name}`);
    },
    forget() {
      known = new Map();
    },
  };
}
