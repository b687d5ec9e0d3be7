import { isAtOrBelow } from '#shared/dns/dns-client.ts';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { addMs, type Clock, minuteMs } from '#shared/time/clock.ts';
import { ttlCache } from '#shared/time/ttl-cache.ts';
import { pause } from '#shared/time/waiting.ts';
import { allAtOnce, type Solver, type TxtValue } from '../solver.ts';
import { persistently } from './persist.ts';
import { normalName, type RecordApi, type RecordZone, type TxtRecord } from './record-api.ts';

export type RecordSolverDeps = {
  readonly api: RecordApi;
  readonly clock: Clock;
  readonly random?: () => number;
  /** The name for messages, such as `Cloudflare`. */
  readonly service: string;
};

/** These services update all their servers within seconds. */
const settleMs = minuteMs;

const keptMs = 10 * minuteMs;

/** These services give a change no id. */
const published = 'written';

/**
 * Publishes challenge values at a DNS service that keeps one record per value. It adds our records beside those of others
 * and removes them by id, so no write can undo another.
 */
export function recordSolver({
  api,
  clock,
  random = Math.random,
  service,
}: RecordSolverDeps): Solver {
  const patiently = <T>(call: () => Promise<T>) => persistently({ clock, random }, call);
  const seen = new Map<string, RecordZone>();
  const written = new Map<string, Written>();
  const zonesIn = ttlCache(clock, keptMs, async (suffix) => {
    const zones = await patiently(() => api.zonesIn(suffix));
    for (const zone of zones) seen.set(zone.zoneId, zone);
    return zones;
  });

  /** Answers about a name are kept for the duration of one change. */
  function recordsIn(zoneId: string) {
    const found = new Map<string, readonly TxtRecord[]>();
    return async ({ name, value }: TxtValue): Promise<readonly TxtRecord[]> => {
      const there = found.get(name) ?? (await patiently(() => api.txtAt(zoneId, name)));
      found.set(name, there);
      return there.filter((each) => each.value === value);
    };
  }

  async function create(zoneId: string, value: TxtValue): Promise<void> {
    let recordId: string | null = null;
    try {
      recordId = await patiently(() => api.create(zoneId, value));
    } finally {
      // The record may exist although no answer came.
      written.set(keyOf(zoneId, value), { recordId, at: clock.now() });
    }
  }

  /** The ids of our records. A record written a moment ago is known by its id, or the listing must show it by now. */
  async function idsOf(
    zoneId: string,
    value: TxtValue,
    recordsOf = recordsIn(zoneId),
  ): Promise<ReadonlySet<string>> {
    const there = await recordsOf(value);
    const { recordId = null, at = new Date(0) } = written.get(keyOf(zoneId, value)) ?? {};
    const known = recordId === null ? [] : [recordId];
    const ids = new Set([...known, ...there.map((each) => each.recordId)]);
    const waitMs = addMs(at, api.listLagMs).getTime() - clock.now().getTime();
    if (ids.size > 0 || waitMs <= 0) return ids;
    await pause(clock, waitMs);
    return idsOf(zoneId, value);
  }

  return {
    settleMs,

    async zoneFor(name) {
      const normal = normalName(name);
      const zones = await zonesIn.get(normal.split('.').slice(-2).join('.'));
      const zone = longest(zones.filter((each) => isAtOrBelow(normal, each.name)));
      if (zone) return { zoneId: zone.zoneId, name: zone.name };
      // The error makes a person create the zone; the next run must find it.
      zonesIn.forget();
      throw new CertkeepError('ZoneNotFound', `${service} has no zone that holds ${normal}`);
    },

    async nameServers(zoneId) {
      const servers = seen.get(zoneId)?.nameServers ?? [];
      return servers.length > 0 ? servers : null;
    },

    async publish(zoneId, values, _owner, steps = allAtOnce) {
      const recordsOf = recordsIn(zoneId);
      for (const each of unique(values)) {
        if (steps.isOver()) break;
        if ((await recordsOf(each)).length === 0) await create(zoneId, each);
        await steps.done([each], published);
      }
      return published;
    },

    // These services do not say; we ask their servers instead.
    isPublished: async () => true,

    async remove(zoneId, values, steps = allAtOnce) {
      const recordsOf = recordsIn(zoneId);
      try {
        for (const value of unique(values)) {
          if (steps.isOver()) return;
          for (const id of await idsOf(zoneId, value, recordsOf)) {
            await patiently(() => api.remove(zoneId, id));
          }
          written.delete(keyOf(zoneId, value));
          await steps.done([value], '');
        }
      } catch (error) {
        if (!isCertkeepError(error, 'ZoneNotFound')) throw error;
        // The values are gone together with their zone.
        await steps.done(values, '');
      }
    },
  };
}

/** The id is null where the service did not return it. */
type Written = { readonly recordId: string | null; readonly at: Date };

function keyOf(zoneId: string, { name, value }: TxtValue): string {
  return `${zoneId} ${name} ${value}`;
}

function longest(zones: readonly RecordZone[]): RecordZone | null {
  return zones.toSorted((one, other) => other.name.length - one.name.length)[0] ?? null;
}

function unique(values: readonly TxtValue[]): readonly TxtValue[] {
  const normal = values.map(({ name, value }) => ({ name: normalName(name), value }));
  return [...new Map(normal.map((each) => [`${each.name} ${each.value}`, each])).values()];
}
