import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { everyRight } from '#cloud/runtime/rights.ts';
import type { DeployedFunction } from '#cloud/services/lambda/state.ts';
import type { Order } from '../fixtures/obedient.ts';
import { isRunning, type ObedientRuntime, obedientRuntime } from '../fixtures/obedient-runtime.ts';

let runtime: ObedientRuntime;

beforeAll(async () => {
  runtime = await obedientRuntime();
});

afterAll(() => runtime.close());

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

  it('sees what was deployed, what Lambda sets and where this cloud is, and nothing of ours', async () => {
    expect(await runtime.payloadOf({ do: 'environment' })).toEqual({
      CONFIGURED: 'yes',
      AWS_ENDPOINT_URL: 'http://127.0.0.1:1',
      _HANDLER: 'index.handler',
      AWS_LAMBDA_FUNCTION_NAME: 'obedient',
      AWS_LAMBDA_FUNCTION_VERSION: '$LATEST',
      AWS_LAMBDA_FUNCTION_MEMORY_SIZE: '512',
      AWS_LAMBDA_INITIALIZATION_TYPE: 'on-demand',
      AWS_LAMBDA_LOG_GROUP_NAME: '/aws/lambda/obedient',
      AWS_LAMBDA_LOG_STREAM_NAME: expect.stringMatching(
        /^\d{4}\/\d\d\/\d\d\/\[\$LATEST\][\da-f]{32}$/,
      ),
      AWS_LAMBDA_RUNTIME_API: expect.stringMatching(/^127\.0\.0\.1:\d+$/),
      AWS_EXECUTION_ENV: 'AWS_Lambda_nodejs24.x',
      AWS_REGION: 'eu-west-1',
      AWS_DEFAULT_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: 'KEY-obedient',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'token',
      LAMBDA_TASK_ROOT: runtime.functions.get('obedient')?.codeDirectory,
      LANG: 'en_US.UTF-8',
      TZ: ':UTC',
      PATH: '/usr/local/bin:/usr/bin:/bin',
    });
  });

  it('knows its name and how much time is left', async () => {
    const { remainingMs, ...context } = await runtime.payloadOf({ do: 'context' });
    expect(context).toEqual({
      requestId: expect.stringMatching(/^[\da-f-]{36}$/),
      functionName: 'obedient',
      arn: 'arn:aws:lambda:eu-west-1:000000000000:function:obedient',
    });
    expect(Number(remainingMs)).toBeGreaterThan(4_000);
    expect(Number(remainingMs)).toBeLessThanOrEqual(5_000);
  });

  it('has its output written to its log group, in the stream of its process', async () => {
    const { AWS_LAMBDA_LOG_STREAM_NAME } = await runtime.payloadOf({ do: 'environment' });
    await runtime.order({ do: 'log', lines: ['for the log'] });
    const group = '/aws/lambda/obedient';
    const written = { group, stream: AWS_LAMBDA_LOG_STREAM_NAME, line: 'for the log' };
    await expect.poll(() => runtime.written).toContainEqual(written);
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

it('a function whose role may not write to its log group is not heard', async () => {
  const asked: unknown[] = [];
  const missingToLog = async (...request: unknown[]) => {
    asked.push(request);
    return ['logs:PutLogEvents'];
  };
  const silent = await obedientRuntime({ rights: { ...everyRight, missingToLog } });
  await silent.order({ do: 'log', lines: ['one'] });
  await silent.close();
  expect(silent.lines).toEqual([]);
  const group = 'arn:aws:logs:eu-west-1:000000000000:log-group:/aws/lambda/obedient';
  expect(asked).toEqual([['arn:aws:iam::000000000000:role/obedient', group, 'local']]);
});

describe('a function that is deployed anew', () => {
  it('is not served by processes of before', async () => {
    const name = 'redeployed';
    const first = { ...(runtime.functions.get('obedient') as DeployedFunction), arn: name };
    runtime.functions.set(name, first);
    const before = await runtime.order({ do: 'echo', text: '' }, name);
    runtime.functions.set(name, { ...first, environment: { CONFIGURED: 'anew' } });
    const after = await runtime.order({ do: 'environment' }, name);
    expect(after).toMatchObject({ ok: true, payload: { CONFIGURED: 'anew' } });
    const { pid } = (before as { payload: { pid: number } }).payload;
    await expect.poll(() => isRunning(pid)).toBe(false);
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
    const order = { do: 'throw' } as const;
    expect(await runtime.order(order, 'unloadable')).toEqual({ ok: false, error });
    expect(await runtime.order(order, 'unloadable')).toEqual({ ok: false, error });
  });
});
