import { expect, test } from 'vitest';
import { minuteMs } from '#shared/clock.ts';
import { type RegionStates, watchRegions } from '#shared/finish/watch-regions.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';
import { fleetOf, region, replicated } from './regions-lab.ts';

const failed = replicated('c0', { secretInSync: false, reason: 'Failed' });

function check() {
  const clock = virtualClock();
  const told: string[] = [];
  const started: string[] = [];
  const fails = { bus: false, start: false };
  const ports = {
    config: { ...fleetOf(1), replicas: [region, 'ap-south-1'] },
    clock,
    log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    bus: {
      async publish(events: readonly LedgerEvent[]) {
        if (fails.bus) throw new Error('no bus');
        told.push(...events.map(({ type }) => type));
      },
    },
    async startSync(of: string) {
      if (fails.start) throw new Error('no Lambda');
      started.push(of);
    },
  };
  const run = (record: CertificateRecord, states: RegionStates) =>
    watchRegions(ports, [record], states);
  return { clock, told, started, fails, run };
}

test('each region that is behind is started once in a run of check, and remembered', async () => {
  const { started, run } = check();
  const record = { ...failed, replicas: { ...failed.replicas } };
  const { states } = await run(record, {});
  expect(started).toEqual([region, 'ap-south-1']);
  expect(Object.keys(states)).toEqual([region, 'ap-south-1']);
});

test('a region that is in sync, or has left the configuration, is forgotten', async () => {
  const { run } = check();
  const known = (await run(failed, {})).states;
  const both = replicated('c0').replicas[region];
  const whole = replicated('c0');
  const inSync = { ...whole, replicas: { [region]: both, 'ap-south-1': both } } as typeof whole;
  expect(await run(inSync, { ...known, 'gone-1': known[region] } as RegionStates)).toEqual({
    states: {},
    failures: [],
  });
});

test('a start that fails is returned and made up for by the next check', async () => {
  const { started, fails, run } = check();
  fails.start = true;
  const { states, failures } = await run(failed, {});
  expect([states, failures.length]).toEqual([{}, 2]);
  fails.start = false;
  await run(failed, states);
  expect(started).toEqual([region, 'ap-south-1']);
});

test('a bus that fails keeps the message for the next check', async () => {
  const { clock, told, fails, run } = check();
  const { states } = await run(failed, {});
  clock.advance(40 * minuteMs);
  fails.bus = true;
  const again = await run(failed, states);
  expect([again.states, again.failures.length]).toEqual([states, 2]);
  fails.bus = false;
  await run(failed, again.states);
  expect(told).toEqual(['region-behind', 'region-behind']);
});
