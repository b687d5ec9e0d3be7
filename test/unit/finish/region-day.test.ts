import { expect, test } from 'vitest';
import { decideRegion, type RegionState, regionsBehind } from '#shared/finish/regions/regions.ts';
import { asksOfRun } from '#shared/finish/sync/sync.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { isFull } from '#test/support/full.ts';
import { fleetOf, region, replicated } from './regions-lab.ts';
import { inSync, lost, syncLab } from './sync-lab.ts';

const size = isFull ? 1_000 : 120;

test(`a region without its key for a day, and ${size} certificates: one message, few runs and few asks, and all in sync after`, {
  timeout: 300_000,
}, async () => {
  const config = fleetOf(size);
  const ids = config.certificates.map(({ id }) => id);
  const lab = await syncLab(ids.map((id) => replicated(id, null)));
  const { clock, world, asked } = lab;
  let hasKey = false;
  const has = new Set<string>();
  world.secret = async (id) => (has.has(id) ? inSync : lost);
  const told: string[] = [];
  const runs: number[] = [];
  let state: RegionState | null = null;

  /** As check does it every ten minutes; issue has seen to what it was asked for before the next one. */
  async function checkFor(ms: number): Promise<void> {
    const until = clock.now().getTime() + ms;
    for (; clock.now().getTime() < until; clock.advance(10 * minuteMs)) {
      const records: CertificateRecord[] = await Promise.all(ids.map(lab.record));
      const [behind = null] = regionsBehind(records, config, clock.now());
      const decided = decideRegion(region, behind, state, clock.now());
      if (decided.event) told.push(decided.event.summary);
      state = decided.next;
      if (decided.action === 'wait') continue;
      const before = asked.length;
      await lab.run({ region });
      runs.push(asked.length - before);
      const handled = asked.slice(before).map((line) => line.split(/[ ,]/)[1] ?? '');
      if (hasKey) for (const id of handled) has.add(id);
    }
  }

  await checkFor(dayMs);
  expect(told).toEqual(['The copies in eu-west-1 are behind']);
  expect(runs.length).toBeLessThan(dayMs / (30 * minuteMs));
  expect(Math.max(...runs)).toBe(asksOfRun.onTrial);
  hasKey = true;
  await checkFor(4 * hourMs);
  expect(told.at(-1)).toBe('The copies in eu-west-1 are in sync again');
  expect(Math.max(...runs)).toBeLessThanOrEqual(asksOfRun.whileItWorks);
  expect(regionsBehind(await Promise.all(ids.map(lab.record)), config, clock.now())).toEqual([]);
});
