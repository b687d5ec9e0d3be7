import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Order } from './fixtures/obedient.ts';
import { type ObedientRuntime, obedientRuntime } from './fixtures/obedient-runtime.ts';

let runtime: ObedientRuntime;

beforeAll(async () => {
  runtime = await obedientRuntime();
});

afterAll(() => runtime.close());

describe('a bundle', () => {
  it('is one minified ES module with a source map', async () => {
    const file = runtime.bundles.files.get('obedient') ?? '';
    expect(file).toBe(join(runtime.directory, 'obedient', 'index.mjs'));
    expect(runtime.bundles.bytes.get('obedient')).toBe((await readFile(file)).byteLength);
    expect(await readFile(`${file}.map`, 'utf8')).toContain('obedient.ts');
  });
});

describe('a function', () => {
  it('answers, and its process is used again', async () => {
    const first = await runtime.payloadOf({ do: 'echo', text: 'hello' });
    const second = await runtime.payloadOf({ do: 'echo', text: 'again' });
    expect(first).toMatchObject({ text: 'hello' });
    expect(second).toMatchObject({ text: 'again', pid: first.pid });
  });

  it('runs in a process of its own for each concurrent invocation', async () => {
    const both = [
      runtime.payloadOf({ do: 'echo', text: 'a' }),
      runtime.payloadOf({ do: 'echo', text: 'b' }),
    ];
    const [a, b] = await Promise.all(both);
    expect(a?.pid).not.toBe(b?.pid);
  });

  it('sees the environment of the wiring and of Lambda, and nothing of ours', async () => {
    expect(await runtime.payloadOf({ do: 'environment' })).toEqual({
      CONFIGURED: 'yes',
      AWS_LAMBDA_FUNCTION_NAME: 'certkeep-obedient',
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'KEY-obedient',
      AWS_SECRET_ACCESS_KEY: 'secret',
      TZ: 'UTC',
      PATH: '/usr/local/bin:/usr/bin:/bin',
    });
  });

  it('knows its name and how much time is left', async () => {
    const { remainingMs, ...context } = await runtime.payloadOf({ do: 'context' });
    expect(context).toEqual({
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      functionName: 'certkeep-obedient',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:certkeep-obedient',
    });
    expect(Number(remainingMs)).toBeGreaterThan(4_000);
    expect(Number(remainingMs)).toBeLessThanOrEqual(5_000);
  });

  it('has its output told line by line', async () => {
    await runtime.order({ do: 'log', lines: ['one', 'two'] });
    await expect
      .poll(() => runtime.lines)
      .toEqual(
        expect.arrayContaining([
          'obedient: one',
          'obedient: two',
          'obedient: and this is an error',
        ]),
      );
  });
});

describe('a failure', () => {
  it.each<[string, Order, string, RegExp]>([
    ['of the handler', { do: 'throw' }, 'RangeError', /^it is out of range$/],
    ['that nobody awaits', { do: 'reject-unseen' }, 'Runtime.UnhandledPromiseRejection', /nobody/],
    ['by exiting', { do: 'exit' }, 'Runtime.ExitError', /exit status 3/],
  ])('%s fails the invocation, and the next one works', async (_, what, name, message) => {
    const result = await runtime.order(what);
    expect(result).toEqual({ ok: false, error: { name, message: expect.stringMatching(message) } });
    expect(await runtime.payloadOf({ do: 'echo', text: 'still here' })).toBeTruthy();
  });

  it('while loading is told with its reason', async () => {
    const error = { name: 'TypeError', message: 'the configuration is missing' };
    expect(await runtime.invoker.invoke('unloadable', {})).toEqual({ ok: false, error });
    expect(await runtime.invoker.invoke('unloadable', {})).toEqual({ ok: false, error });
  });
});
