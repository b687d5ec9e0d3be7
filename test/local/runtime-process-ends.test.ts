import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from './fixtures/obedient.ts';
import { isRunning, type ObedientRuntime, obedientRuntime } from './fixtures/obedient-runtime.ts';

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

it('leaves no process behind', async () => {
  const { pid } = await runtime.payloadOf({ do: 'echo', text: 'last' });
  const unfinished = runtime.order({ do: 'sleep', ms: 60_000 });
  await runtime.invoker.close();
  expect(await unfinished).toMatchObject({ error: { name: 'Runtime.ExitError' } });
  expect(isRunning(pid)).toBe(false);
  await expect(runtime.order({ do: 'echo', text: 'x' })).rejects.toThrow('closed');
});
