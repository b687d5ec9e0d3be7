import { expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import type { LogFields } from '#shared/log.ts';
import { handOver, sendIfPossible } from '#shared/queues/hand-over.ts';
import type { Work } from '#shared/queues/work.ts';

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

test('urgent work starts its function, the first of them, and the rest goes into the queue', async () => {
  expect(await handedOver()).toEqual({
    started: ['place-2'],
    sent: ['place-1', 'place-3', 'place-4'],
  });
});

test('work that cannot be started goes into the queue', async () => {
  const { sent } = await handedOver(false);
  expect(sent).toEqual(['place-1', 'place-2', 'place-3', 'place-4']);
});

test('a queue that throttles fails no work that is done, and keeps none of the rest back', async () => {
  const tried: Work[] = [];
  const warned: LogFields[] = [];
  const queues = {
    async send(work: Work) {
      tried.push(work);
      throw new CertkeepError('ServiceThrottled', 'SQS: SendMessage: no');
    },
  };
  const loud = { ...log, warn: (_: string, fields: LogFields) => void warned.push(fields) };
  const calm = deploys.map(({ work }) => ({ work, isUrgent: false }));
  await handOver({ functions: { start: async () => {} }, queues, log: loud }, calm, 'v1');
  expect(placesOf(tried)).toEqual(['place-1', 'place-2', 'place-3', 'place-4']);
  expect(warned[0]).toMatchObject({ certificate: 'shop', outcome: 'ServiceThrottled' });
});

test('an error that is none of the queue is thrown', async () => {
  const queues = { send: () => Promise.reject(new TypeError('a fault of ours')) };
  const verify = { kind: 'verify', certificate: 'shop' } as const;
  await expect(sendIfPossible({ queues, log }, verify, 'v1')).rejects.toThrow('of ours');
});
