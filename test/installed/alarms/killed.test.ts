import { minuteMs } from 'local-cloud/clock.ts';
import { afterEach, expect, test } from 'vitest';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';
import { call } from './stage.ts';

let world: World;
afterEach(() => world?.close());

const source = configText('  shop: {names: [example.com], issuer: local}\n');

async function pass(minutes: number): Promise<void> {
  for (let minute = 0; minute < minutes; minute += 1) {
    await world.settle();
    world.clock.advance(minuteMs);
    await world.cloud.cloudwatch.told();
  }
}

function ringing(): readonly string[] {
  const { alarms } = world.cloud.cloudwatch;
  return alarms
    .all(call)
    .filter(({ state }) => state === 'ALARM')
    .map(({ name }) => name);
}

test('runs of issue that are killed again and again ring as dead letters', async () => {
  world = await startWorld(source, { evaluatesAlarms: true });
  world.cloud.faults.add({
    when: ({ caller }) => caller === 'issue',
    fault: { do: 'kill-before' },
    times: Number.POSITIVE_INFINITY,
  });
  world.dispatcher.startSchedules();
  await pass(75);
  expect(ringing()).toEqual(['certkeep-DeadLetters']);
  const told = world.inbox().filter(({ subject }) => subject?.startsWith('ALARM: '));
  expect(told).toHaveLength(1);

  world.cloud.faults.clear();
  world.cloud.sqs.queue(call.region, 'certkeep-issue-dead.fifo')?.purge();
  await pass(240);
  expect(world.record('shop').desired).not.toBeNull();
  expect(ringing()).toEqual([]);
});
