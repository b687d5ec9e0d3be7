import { expect, test } from 'vitest';
import {
  decideRegion,
  type RegionBehind,
  type RegionState,
  regionStateSchema,
  regionsBehind,
} from '#shared/finish/regions/regions.ts';
import { now } from '#test/support/healthy.ts';
import { fleetOf, minutesLater, region, replicated } from './regions-lab.ts';

const failed = { secretInSync: false, reason: 'Failed' };

const behind: RegionBehind = {
  region,
  certificates: 3,
  since: now.toISOString(),
  newest: '2026-11-12T03:00:00.000Z',
  reason: 'Failed',
};

test('a region is behind by how many, since the first of them, and by the reason given most', () => {
  const records = [
    replicated('c0'),
    replicated('c1', { ...failed, syncedAt: minutesLater(5).toISOString() }),
    replicated('c2', failed),
    replicated('c3', { ...failed, reason: 'InProgress' }),
  ];
  expect(regionsBehind(records, fleetOf(4), minutesLater(10))).toEqual([behind]);
});

test('a certificate that is in sync, or has left the configuration, is not behind', () => {
  const records = [replicated('c0'), replicated('gone', failed)];
  expect(regionsBehind(records, fleetOf(1), now)).toEqual([]);
});

test('a version that was issued just now is being looked at, unless sync has found it behind', () => {
  const config = fleetOf(1);
  expect(regionsBehind([replicated('c0', null, now)], config, minutesLater(9))).toEqual([]);
  expect(regionsBehind([replicated('c0', null, now)], config, minutesLater(11))).toMatchObject([
    { certificates: 1, since: null, reason: null },
  ]);
  expect(regionsBehind([replicated('c0', failed, now)], config, minutesLater(1))).toHaveLength(1);
});

/** The minutes, of checks every ten of them, in which sync is started, and what people are told. */
function checksOf(hours: number, at: (minute: number) => RegionBehind | null) {
  const starts: number[] = [];
  const told: string[] = [];
  let state: RegionState | null = null;
  for (let minute = 0; minute <= hours * 60; minute += 10) {
    const { action, event, next } = decideRegion(region, at(minute), state, minutesLater(minute));
    if (action === 'start') starts.push(minute);
    if (event) told.push(`${minute} ${event.id}`);
    state = next && regionStateSchema.parse(JSON.parse(JSON.stringify(next)));
  }
  return { starts, told };
}

test('if nothing changes, sync is started with growing waits of up to an hour, twice in a row each time', () => {
  const { starts } = checksOf(7, () => behind);
  expect(starts).toEqual([0, 10, 30, 40, 80, 90, 150, 160, 220, 230, 290, 300, 360, 370]);
});

test.each<[string, Partial<RegionBehind>]>([
  ['fewer are behind', { certificates: 2 }],
  ['the reason is another', { reason: 'InProgress' }],
  ['a newer version is behind', { newest: minutesLater(170).toISOString() }],
])('it is started at once when %s', (_, change) => {
  const { starts } = checksOf(4, (minute) => (minute < 180 ? behind : { ...behind, ...change }));
  expect(starts).toContain(180);
});

test('people hear once of a region that is behind for half an hour, and once when it is in sync', () => {
  const { told } = checksOf(24, (minute) => (minute < 1_200 ? behind : null));
  expect(told).toEqual([
    `30 ${region}-behind-${now.toISOString()}`,
    `1200 ${region}-in-sync-${now.toISOString()}`,
  ]);
});

test('people hear nothing of what comes into sync within half an hour, however often', () => {
  const { told } = checksOf(24, (minute) => ({
    ...behind,
    since: minutesLater(minute - 20).toISOString(),
  }));
  expect(told).toEqual([]);
});

test('a region that sync could never look at is behind since check first saw it', () => {
  const { told } = checksOf(2, () => ({ ...behind, since: null, reason: null }));
  expect(told).toEqual([`30 ${region}-behind-${now.toISOString()}`]);
});

test('the message names region, number, reason and what to do, and no certificate', () => {
  const { event } = decideRegion(region, behind, null, minutesLater(31));
  expect(event).toMatchObject({
    type: 'region-behind',
    certificate: null,
    severity: 'warning',
    summary: 'The copies in eu-west-1 are behind',
    details: { region, certificates: 3, since: now.toISOString(), reason: 'Failed' },
  });
  expect(event?.details.nextStep).toMatch(/KMS key/);
});
