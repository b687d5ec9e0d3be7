import * as sqsModule from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { systemClock } from '#cloud/clock.ts';
import type { OutsideCall } from '#cloud/faults.ts';
import { inProcessInvoker } from '#cloud/runtime/in-process-invoker.ts';
import type { InvocationResult } from '#cloud/runtime/invocation-result.ts';
import type { Invoker } from '#cloud/runtime/invoker.ts';
import { type Sqs, sqs } from '#cloud/services/sqs/service.ts';
import { serviceOf } from '#cloud/wire/service-of.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';
import { region, type SenderCloud, senderCloud } from '../fixtures/sender-cloud.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

const sender = deployedFunction('certkeep-sender');
const killed = { ok: false, error: { name: 'Runtime.ExitError' } };
const to = (queue: string) => (call: OutsideCall) =>
  String((call.input as { QueueUrl?: string }).QueueUrl).endsWith(`/${queue}`);

describe('in our own process, a run that is killed at its call', () => {
  let front: LocalFront;
  let queues: Sqs;
  let invoker: Invoker;

  beforeAll(async () => {
    queues = sqs({ clock: systemClock, endpoint: () => front.endpoint });
    const { SQSClient } = sqsModule;
    front = await localFront([serviceOf('sqs', sqsModule, SQSClient, queues.operations)]);
    const client = new sqsModule.SQS(front.configuration({ region }));
    invoker = inProcessInvoker({
      clock: systemClock,
      handlerOf: () => async (queue) => {
        const QueueUrl = `${front.endpoint}/000000000000/${queue}`;
        for (const MessageBody of ['one', 'two'])
          await client.sendMessage({ QueueUrl, MessageBody });
      },
    });
    front.faults.kill = (_, run) => run && invoker.killRun(run);
  });
  afterAll(() => front.close());

  it('ends, and its neighbour in the same function goes on', async () => {
    const [a, b] = ['a', 'b'].map((name) => queues.createQueue(region, name));
    front.faults.add({ when: to('a'), fault: { do: 'kill-before' } });
    const both = await Promise.all([invoker.invoke(sender, 'a'), invoker.invoke(sender, 'b')]);
    expect(both).toMatchObject([killed, { ok: true }]);
    expect([a, b].map((queue) => queue?.messages().length)).toEqual([0, 2]);
  });

  it('is told by its request id, and a call of nobody’s run by none', async () => {
    queues.createQueue(region, 'c');
    await invoker.invoke(sender, 'c');
    const runs = front.faults.calls.filter(to('c')).map(({ run }) => run);
    expect(runs).toEqual([expect.stringMatching(/^[\da-f-]{36}$/), runs[0]]);
    await new sqsModule.SQS(front.configuration({ region })).listQueues({});
    expect(front.faults.calls.at(-1)?.run).toBeNull();
  });
});

describe('in a process, a run that is killed at its call', () => {
  let cloud: SenderCloud;

  beforeAll(async () => {
    cloud = await senderCloud();
  });
  afterAll(() => cloud.close());

  const invoke = (queue: string): Promise<InvocationResult> =>
    cloud.dispatcher.invoke('sender', { queueUrl: `${cloud.endpoint}/000000000000/${queue}` });

  it('ends, and its neighbour in the same function goes on', async () => {
    const [a, b] = ['a', 'b'].map((name) => cloud.queues.createQueue(region, name));
    cloud.faults.add({ when: to('a'), skip: 1, fault: { do: 'kill-after' } });
    expect(await Promise.all([invoke('a'), invoke('b')])).toMatchObject([killed, { ok: true }]);
    expect([a, b].map((queue) => queue?.messages().length)).toEqual([2, 2]);
  });
});
