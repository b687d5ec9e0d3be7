import { expect, test } from 'vitest';
import { queueIfBusy } from '#shared/queues/queue-if-busy.ts';
import type { Work } from '#shared/queues/work.ts';

const work = { kind: 'issue', certificate: 'shop' } as const;

async function sentAfter(run: { readonly isBusy: boolean; readonly isQueued: boolean }) {
  const sent: Work[] = [];
  await queueIfBusy({ send: async (each) => void sent.push(each) }, work, run);
  return sent;
}

test('a run that was started beside its queue, and found another one at the work, leaves a message', async () => {
  expect(await sentAfter({ isBusy: true, isQueued: false })).toEqual([work]);
});

test.each([
  ['that a message has begun', { isBusy: true, isQueued: true }],
  ['that has done the work', { isBusy: false, isQueued: false }],
])('a run %s leaves no message', async (_, run) => {
  expect(await sentAfter(run)).toEqual([]);
});

test('a queue that takes no message fails the run, so that Lambda runs the event again', async () => {
  const queues = { send: () => Promise.reject(new Error('throttled')) };
  await expect(queueIfBusy(queues, work, { isBusy: true, isQueued: false })).rejects.toThrow();
});
