import { expect, it } from 'vitest';
import { putFunction } from '#cloud/services/lambda/functions.ts';
import { putMapping } from '#cloud/services/lambda/mappings.ts';
import { lambda } from '#cloud/services/lambda/service.ts';
import type { EventSourceMapping } from '#cloud/services/lambda/state.ts';
import { sqs } from '#cloud/services/sqs/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { bundled } from '../fixtures/bundled.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';

const queues = sqs({ clock: virtualClock(), endpoint: () => 'http://127.0.0.1:1' });
const queue = queues.createQueue('eu-west-1', 'issue', { VisibilityTimeout: '150' });
const issue = deployedFunction('certkeep-issue');
const mapping = { id: '1', queueArn: queue.arn, functionArn: issue.arn, maxConcurrency: 2 };

function withFunction() {
  const state = lambda({ queue: queues.queueByArn });
  state.functions.set(issue.arn, issue);
  return state;
}

it('a mapping is taken where the message stays invisible for as long as the function may run', () => {
  const state = withFunction();
  putMapping(state, mapping);
  expect([...state.mappings.values()]).toEqual([mapping]);
});

it.each<[string, Partial<EventSourceMapping>, RegExp]>([
  ['a missing queue', { queueArn: `${queue.arn}x` }, /no queue arn:.*issuex/],
  ['a missing function', { functionArn: `${issue.arn}x` }, /Function not found/],
  ['a concurrency of 1', { maxConcurrency: 1 }, /not between 2 and 1000/],
  ['a concurrency of 1001', { maxConcurrency: 1_001 }, /not between 2 and 1000/],
])('a mapping is refused for %s', (_, change, message) => {
  expect(() => putMapping(withFunction(), { ...mapping, ...change })).toThrow(message);
});

it('a mapping is refused for a visibility shorter than the function may run', () => {
  queue.setAttributes({ VisibilityTimeout: '149' });
  expect(() => putMapping(withFunction(), mapping)).toThrow(
    /149 seconds is less than .* 150 seconds/,
  );
});

it('a function whose queue is mapped may not run for longer from then on either', async () => {
  queue.setAttributes({ VisibilityTimeout: '150' });
  const state = withFunction();
  putMapping(state, mapping);
  const code = await bundled('unloadable');
  const slow = { ...issue, codeDirectory: code.directory, timeoutMs: 151_000 };
  expect(() => putFunction(state, slow)).toThrow(/150 seconds is less than .* 151 seconds/);
  expect(state.functions.get(issue.arn)).toBe(issue);
  await code.remove();
});

it.each<[string, Parameters<typeof deployedFunction>[1], RegExp]>([
  ['code that is not there', {}, /there is no nowhere\/index.mjs/],
  ['a timeout of more than 15 minutes', { timeoutMs: 901_000 }, /Timeout/],
  ['more than 4 KB of environment', { environment: { A: 'a'.repeat(4_090) } }, /4KB limit/],
])('a function is refused for %s', (_, change, message) => {
  const state = lambda({ queue: queues.queueByArn });
  expect(() => putFunction(state, deployedFunction('certkeep-issue', change))).toThrow(message);
});
