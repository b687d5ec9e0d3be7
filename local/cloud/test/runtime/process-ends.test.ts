import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from '../fixtures/obedient.ts';
import { isRunning, type ObedientRuntime, obedientRuntime } from '../fixtures/obedient-runtime.ts';

let runtime: ObedientRuntime;

beforeAll(async () => {
  runtime = await obedientRuntime();
});

afterAll(() => runtime.close());

describe('an invocation that takes too long', () => {
  it.each<Order>([{ do: 'sleep', ms: 60_000 }, { do: 'spin' }])(
    'fails and its process ends ($do)',
    async (what) => {
      const echo = await runtime.order({ do: 'echo', text: 'first' }, 'hurried');
      const { pid } = (echo as { payload: { pid: number } }).payload;
      expect(await runtime.order(what, 'hurried')).toMatchObject({
        error: { name: 'Sandbox.Timedout', message: expect.stringContaining('after 0.30 seconds') },
      });
      await expect.poll(() => isRunning(pid)).toBe(false);
      expect(await runtime.order({ do: 'echo', text: 'next' }, 'hurried')).toMatchObject({
        ok: true,
      });
    },
  );
});

describe('kill', () => {
  it('ends what runs, at once, and leaves the rest alone', async () => {
    const { pid } = await runtime.payloadOf({ do: 'echo', text: 'idle or not' });
    const busy = runtime.order({ do: 'sleep', ms: 60_000 });
    const other = runtime.order({ do: 'sleep', ms: 100 }, 'hurried');
    await new Promise((resolve) => setTimeout(resolve, 30));
    runtime.invoker.kill('obedient');
    expect(await busy).toMatchObject({
      error: { name: 'Runtime.ExitError', message: expect.stringContaining('signal: killed') },
    });
    expect(await other).toEqual({ ok: true, payload: 'awake' });
    await expect.poll(() => isRunning(pid)).toBe(false);
  });
});

describe('killRun', () => {
  const started = (as: string, ms: number) => runtime.order({ do: 'name-yourself', as, ms });
  const idOf = (as: string) =>
    runtime.lines.find((line) => line.includes(`${as} is`))?.split(' is ')[1] ?? null;

  it('ends one of two runs of a function; the process of the other is used again', async () => {
    const [doomed, other] = [started('doomed', 60_000), started('other', 2_000)];
    const bothNamed = () => idOf('doomed') !== null && idOf('other') !== null;
    await expect.poll(bothNamed, { timeout: 10_000 }).toBe(true);
    runtime.invoker.killRun(idOf('doomed') ?? '');
    expect(await doomed).toMatchObject({ error: { name: 'Runtime.ExitError' } });
    const survivor = await other;
    expect(survivor).toMatchObject({ ok: true });
    const { pid } = await runtime.payloadOf({ do: 'echo', text: 'next' });
    expect(survivor).toEqual({ ok: true, payload: pid });
  });

  it('does nothing to a run that has ended, nor to the next one in its process', async () => {
    await started('ended', 0);
    const next = runtime.order({ do: 'sleep', ms: 100 });
    runtime.invoker.killRun(idOf('ended') ?? '');
    expect(await next).toEqual({ ok: true, payload: 'awake' });
  });
});

it('leaves no process behind', async () => {
  const { pid } = await runtime.payloadOf({ do: 'echo', text: 'last' });
  const unfinished = runtime.order({ do: 'sleep', ms: 60_000 });
  await runtime.invoker.close();
  expect(await unfinished).toMatchObject({ error: { name: 'Runtime.ExitError' } });
  expect(isRunning(pid)).toBe(false);
  await expect(runtime.order({ do: 'echo', text: 'x' })).rejects.toThrow('closed');
});
