import { beforeEach, describe, expect, it } from 'vitest';
import { hourMs, minuteMs, secondMs } from '#cloud/clock.ts';
import { inProcessInvoker, type LocalHandler } from '#cloud/runtime/in-process-invoker.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';

let clock: VirtualClock;
beforeEach(() => {
  clock = virtualClock();
});

function invokerOf(handler: LocalHandler) {
  return inProcessInvoker({ handlerOf: () => handler, clock });
}

const issue = deployedFunction('certkeep-issue', { timeoutMs: 150 * secondMs });

const forEver = () => new Promise<never>(() => undefined);

it('passes events and answers as JSON', async () => {
  const invoker = invokerOf(async (event) => ({ event, at: new Date(0), nothing: undefined }));
  const payload = { event: { at: '1970-01-01T00:00:00.000Z' }, at: '1970-01-01T00:00:00.000Z' };
  expect(await invoker.invoke(issue, { at: new Date(0) })).toEqual({ ok: true, payload });
});

it('tells the name and message of what a handler throws', async () => {
  const invoker = invokerOf(() => Promise.reject(new RangeError('too far')));
  const error = { name: 'RangeError', message: 'too far' };
  expect(await invoker.invoke(issue, {})).toEqual({ ok: false, error });
});

describe('time', () => {
  it('passes on the virtual clock while the handler sleeps within its time', async () => {
    const startedAt = clock.now().getTime();
    const invoker = invokerOf(async (_, context) => {
      await context.clock.sleep(2 * minuteMs);
      return context.getRemainingTimeInMillis();
    });
    expect(await invoker.invoke(issue, {})).toEqual({ ok: true, payload: 30 * secondMs });
    expect(clock.now().getTime() - startedAt).toBe(2 * minuteMs);
  });

  it('runs out during a sleep that is too long, and the handler never wakes', async () => {
    const startedAt = clock.now().getTime();
    let woke = false;
    const invoker = invokerOf(async (_, context) => {
      await context.clock.sleep(hourMs);
      woke = true;
    });
    expect(await invoker.invoke(issue, {})).toMatchObject({
      error: { name: 'Sandbox.Timedout' },
    });
    expect(clock.now().getTime() - startedAt).toBe(150 * secondMs);
    await clock.sleep(2 * hourMs);
    expect(woke).toBe(false);
  });

  it('runs out while the handler waits for something else', async () => {
    let died: AbortSignal | null = null;
    const invoker = invokerOf((_, context) => {
      died = context.died;
      return forEver();
    });
    const invocation = invoker.invoke(issue, {});
    clock.advance(150 * secondMs);
    expect(await invocation).toMatchObject({ error: { name: 'Sandbox.Timedout' } });
    expect(died).toMatchObject({ aborted: true });
  });
});

describe('kill', () => {
  it('abandons what runs: it fails at once, knows that it is dead, and its result does not count', async () => {
    const { promise: answered, resolve: answer } = Promise.withResolvers<string>();
    let isDead = () => false;
    const invoker = invokerOf((_, context) => {
      isDead = context.isDead;
      return answered;
    });
    const invocation = invoker.invoke(issue, {});
    expect(isDead()).toBe(false);
    invoker.kill('issue');
    answer('too late');
    expect(await invocation).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    expect(isDead()).toBe(true);
  });

  it('wakes nobody who sleeps', async () => {
    let woke = false;
    const invoker = invokerOf(async (_, context) => {
      await context.clock.sleep(minuteMs).finally(() => {
        woke = true;
      });
    });
    const invocation = invoker.invoke(issue, {});
    invoker.kill('issue');
    await invocation;
    await clock.sleep(hourMs);
    expect(woke).toBe(false);
  });

  it('leaves the next invocation alone', async () => {
    const invoker = invokerOf(async () => 'well');
    invoker.kill('issue');
    expect(await invoker.invoke(issue, {})).toEqual({ ok: true, payload: 'well' });
  });
});
