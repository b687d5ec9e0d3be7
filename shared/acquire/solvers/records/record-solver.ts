import { isAtOrBelow } from '#shared/acquire/dns/dns-client.ts';
import { type Clock, minuteMs } from '#shared/clock.ts';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { remembered } from '#shared/remembered.ts';
import type { Solver, TxtValue } from '../solver.ts';
import { persistently } from './persist.ts';
import { normalName, type RecordApi, type RecordZone, type TxtRecord } from './record-api.ts';

export type RecordSolverDeps = {
  readonly api: RecordApi;
  readonly clock: Clock;
  readonly random?: () => number;
  /** For messages: `Cloudflare`. */
  readonly service: string;
};

/** Such services bring a change to all their servers within seconds. */
const settleMs = minuteMs;

const keptMs = 10 * minuteMs;

/**
 * Challenge values at a DNS service that keeps one record for each value: ours are added beside those of others
 * and taken away by their own ids, so no write can undo another one.
 */
export function recordSolver({
  api,
  clock,
  random = Math.random,
  service,
}: RecordSolverDeps): Solver {
  const patiently = <T>(call: () => Promise<T>) => persistently({ clock, random }, call);
  const seen = new Map<string, RecordZone>();
  const zonesIn = remembered(clock, keptMs, async (suffix) => {
    const zones = await patiently(() => api.zonesIn(suffix));
    for (const zone of zones) seen.set(zone.zoneId, zone);
    return zones;
  });

  async function recordsAt(zoneId: string, values: readonly TxtValue[]) {
    const found = new Map<string, readonly TxtRecord[]>();
    for (const name of new Set(values.map((each) => normalName(each.name)))) {
      found.set(name, await patiently(() => api.txtAt(zoneId, name)));
    }
    return found;
  }

  return {
    settleMs,

    async zoneFor(name) {
      const normal = normalName(name);
      const zones = await zonesIn.get(normal.split('.').slice(-2).join('.'));
      const zone = longest(zones.filter((each) => isAtOrBelow(normal, each.name)));
      if (zone) return { zoneId: zone.zoneId, name: zone.name };
      // A zone created now, because of this error, is found by the next run.
      zonesIn.forget();
      throw new CertkeepError('ZoneNotFound', `${service} has no zone that holds ${normal}`);
    },

    async nameServers(zoneId) {
      const servers = seen.get(zoneId)?.nameServers ?? [];
      return servers.length > 0 ? servers : null;
    },

    async publish(zoneId, values) {
      const there = await recordsAt(zoneId, values);
      for (const { name, value } of unique(values)) {
        if (there.get(name)?.some((record) => record.value === value)) continue;
        await patiently(() => api.create(zoneId, { name, value }));
      }
      return 'written';
    },

    // These services do not say; their servers do.
    isPublished: async () => true,

    async remove(zoneId, values) {
      try {
        const there = await recordsAt(zoneId, values);
        for (const { name, value } of unique(values)) {
          const ours = (there.get(name) ?? []).filter((record) => record.value === value);
          for (const { recordId } of ours) await patiently(() => api.remove(zoneId, recordId));
        }
      } catch (error) {
        // The values went with their zone.
        if (!isCertkeepError(error, 'ZoneNotFound')) throw error;
      }
    },
  };
}

function longest(zones: readonly RecordZone[]): RecordZone | null {
  return zones.toSorted((one, other) => other.name.length - one.name.length)[0] ?? null;
}

function unique(values: readonly TxtValue[]): readonly TxtValue[] {
  const normal = values.map(({ name, value }) => ({ name: normalName(name), value }));
  return [...new Map(normal.map((each) => [`${each.name} ${each.value}`, each])).values()];
}
