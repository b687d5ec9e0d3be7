import { afterEach, expect, it } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#cloud/clock.ts';
import { everyRight } from '#cloud/runtime/rights.ts';
import { rateMs } from '#cloud/services/scheduler/rate.ts';
import { type Dispatched, dispatched, hourly, region } from '../fixtures/dispatched.ts';

let cloud: Dispatched;

afterEach(() => cloud.dispatcher.stop());

/** How often check ran after each of these times. */
async function runsAfter(...waits: readonly number[]): Promise<readonly number[]> {
  let runs = 0;
  cloud.handlers.check = async () => {
    runs += 1;
  };
  const counts: number[] = [];
  for (const ms of waits) {
    cloud.clock.advance(ms);
    await cloud.dispatcher.settle();
    counts.push(runs);
  }
  return counts;
}

it('a schedule begins at once, goes on at its rate, and makes up for missed occurrences with one', async () => {
  cloud = dispatched();
  cloud.scheduler.createSchedule(hourly);
  expect(await runsAfter(0)).toEqual([0]);
  cloud.dispatcher.startSchedules();
  expect(await runsAfter(0, hourMs - 1, 1, 5 * hourMs, hourMs)).toEqual([1, 1, 2, 3, 4]);
});

it('a schedule gives its function the input that it was created with', async () => {
  cloud = dispatched();
  cloud.scheduler.createSchedule(hourly);
  const inputs: unknown[] = [];
  cloud.handlers.check = async (input) => void inputs.push(input);
  cloud.dispatcher.startSchedules();
  await cloud.dispatcher.settle();
  expect(inputs).toEqual([{ scheduled: true }]);
});

it('an occurrence begins somewhere in its window, and the rate goes on from the occurrence', async () => {
  cloud = dispatched({ random: () => 0.5 });
  cloud.scheduler.createSchedule({ ...hourly, windowMs: 20 * minuteMs });
  cloud.dispatcher.startSchedules();
  const waits = [0, 10 * minuteMs - 1, 1, hourMs - 1, 1];
  expect(await runsAfter(...waits)).toEqual([0, 0, 1, 1, 2]);
});

it('a schedule that is created later begins then, one that is deleted ends, one that is disabled rests', async () => {
  cloud = dispatched();
  cloud.dispatcher.startSchedules();
  expect(await runsAfter(0, hourMs)).toEqual([0, 0]);
  cloud.scheduler.createSchedule(hourly);
  expect(await runsAfter(0, hourMs)).toEqual([1, 2]);
  cloud.scheduler.updateSchedule({ ...hourly, enabled: false });
  expect(await runsAfter(hourMs)).toEqual([0]);
  cloud.scheduler.deleteSchedule(hourly.arn);
  expect(await runsAfter(hourMs)).toEqual([0]);
});

it.each<[string, string, number]>([
  ['may not be assumed by the scheduler', 'sts:AssumeRole', 0],
  ['may not invoke', 'lambda:InvokeFunction', 1],
])('a schedule whose role %s starts nothing, and that is kept', async (_, missing, kept) => {
  const missingToInvokeBySchedule = async () => [missing];
  cloud = dispatched({ rights: { ...everyRight, missingToInvokeBySchedule } });
  cloud.scheduler.createSchedule(hourly);
  cloud.dispatcher.startSchedules();
  expect(await runsAfter(0)).toEqual([0]);
  const dead = cloud.queues.queue(region, 'dead-events')?.messages() ?? [];
  expect(dead.map(({ body }) => JSON.parse(body))).toEqual(Array(kept).fill({ scheduled: true }));
  expect(cloud.problems).toHaveLength(1 - kept);
});

it('the scheduler assumes the role for the group of the schedule', async () => {
  const asked: unknown[] = [];
  const missingToInvokeBySchedule = async (request: unknown) => {
    asked.push(request);
    return [];
  };
  cloud = dispatched({ rights: { ...everyRight, missingToInvokeBySchedule } });
  cloud.scheduler.createSchedule(hourly);
  cloud.dispatcher.startSchedules();
  await cloud.dispatcher.settle();
  expect(asked).toEqual([
    {
      role: hourly.target.roleArn,
      groupArn: hourly.groupArn,
      functionArn: hourly.target.arn,
    },
  ]);
});

it.each([
  ['rate(10 minutes)', 10 * minuteMs],
  ['rate(1 hour)', hourMs],
  ['rate(365 days)', 365 * dayMs],
])('%s is understood', (expression, ms) => {
  expect(rateMs(expression)).toBe(ms);
});

it.each(['cron(0 10 * * ? *)', 'at(2026-11-22T10:00:00)', 'rate(0 minutes)'])(
  '%s is refused',
  (expression) => {
    expect(() => rateMs(expression)).toThrow('is not implemented');
  },
);
