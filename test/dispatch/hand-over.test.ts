import { expect, test } from 'vitest';
import { handOver } from '#shared/dispatch/hand-over.ts';
import { urgentExecutions } from '#shared/limits.ts';
import type { Work } from '#shared/work.ts';

const log = { info() {}, warn() {}, error() {} };
const deploys = [1, 2, 3, 4].map((at) => ({
  work: { kind: 'deploy', certificate: 'shop', place: `place-${at}` } as const,
  isUrgent: at > 1,
}));
const placesOf = (works: readonly Work[]) => works.map((work) => 'place' in work && work.place);

async function handedOver(mayStart = true) {
  const started: Work[] = [];
  const sent: Work[] = [];
  const functions = {
    async start(work: Work) {
      if (!mayStart) throw new Error('throttled');
      started.push(work);
    },
  };
  const queues = { send: async (work: Work) => void sent.push(work) };
  await handOver({ functions, queues, log }, deploys, 'v1');
  return { started: placesOf(started), sent: placesOf(sent) };
}

test('urgent work starts its function, as far as few do, and the rest goes into the queue', async () => {
  expect(urgentExecutions).toBe(2);
  expect(await handedOver()).toEqual({
    started: ['place-2', 'place-3'],
    sent: ['place-1', 'place-4'],
  });
});

test('what cannot be started goes into the queue', async () => {
  const { sent } = await handedOver(false);
  expect(sent).toEqual(['place-1', 'place-2', 'place-3', 'place-4']);
});
