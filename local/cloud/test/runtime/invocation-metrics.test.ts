import { expect, test } from 'vitest';
import { secondMs } from '#cloud/clock.ts';
import { startDispatcher } from '#cloud/runtime/dispatcher.ts';
import { inProcessInvoker, type LocalHandler } from '#cloud/runtime/in-process-invoker.ts';
import { type Aggregate, metrics } from '#cloud/services/cloudwatch/metrics.ts';
import { eventbridge } from '#cloud/services/eventbridge/service.ts';
import { lambda } from '#cloud/services/lambda/service.ts';
import { scheduler } from '#cloud/services/scheduler/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';
import { call } from '../fixtures/dispatched.ts';

function lab(handler: LocalHandler, concurrentExecutions = 10) {
  const clock = virtualClock();
  const known = metrics();
  const functions = lambda({ queue: () => null });
  const deployed = deployedFunction('certkeep-check');
  functions.functions.set(deployed.arn, deployed);
  functions.aliases.set(`${deployed.arn}:force`, deployed.arn);
  const dispatcher = startDispatcher({
    deployed: {
      lambda: functions,
      scheduler: scheduler(),
      events: eventbridge({ clock }),
      metrics: known,
    },
    invoker: inProcessInvoker({ clock, handlerOf: () => handler }),
    clock,
    lookEveryMs: null,
    concurrentExecutions,
    onProblem: () => undefined,
  });
  const of = (name: string, dimensions = { FunctionName: 'certkeep-check' }): Partial<Aggregate> =>
    known.find(call, { namespace: 'AWS/Lambda', name, dimensions })?.points[0] ?? {};
  return { clock, dispatcher, of };
}

test('an invocation, its failure and its duration are measured', async () => {
  const { clock, dispatcher, of } = lab(async (event) => {
    await clock.sleep(2 * secondMs);
    if (event === 'fail') throw new Error('no');
    return null;
  });
  await dispatcher.invoke('check', 'succeed');
  await dispatcher.invoke('check', 'fail');
  expect(of('Invocations')).toMatchObject({ sum: 2 });
  expect(of('Errors')).toMatchObject({ sum: 1, count: 2 });
  expect(of('Duration')).toMatchObject({ min: 2_000, max: 2_000, count: 2 });
});

test('each alias is measured by itself, and all of them together', async () => {
  const { dispatcher, of } = lab(async () => null);
  await dispatcher.invoke('check', {});
  await dispatcher.invoke('check:force', {});
  const resource = (Resource: string) =>
    of('Invocations', { FunctionName: 'certkeep-check', Resource } as { FunctionName: string });
  expect(of('Invocations')).toMatchObject({ sum: 2 });
  expect(resource('certkeep-check')).toMatchObject({ sum: 1 });
  expect(resource('certkeep-check:force')).toMatchObject({ sum: 1 });
});

// https://docs.aws.amazon.com/lambda/latest/dg/monitoring-metrics-types.html
test('what is throttled was not invoked', async () => {
  const { dispatcher, of } = lab(async () => null, 0);
  const result = await dispatcher.invoke('check', {});
  expect(result).toMatchObject({ ok: false, isThrottled: true });
  expect(of('Throttles')).toMatchObject({ sum: 1 });
  expect(of('Invocations')).toEqual({});
});
