import {
  GetFunctionConfigurationCommand,
  InvokeCommand,
  type InvokeCommandInput,
  ListFunctionsCommand,
} from '@aws-sdk/client-lambda';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import type { Queue } from '#cloud/services/sqs/queue.ts';
import { region, type SenderCloud, senderCloud } from '../fixtures/sender-cloud.ts';

let cloud: SenderCloud;
let queue: Queue;
let count = 0;

beforeAll(async () => {
  cloud = await senderCloud();
});

beforeEach(() => {
  cloud.faults.clear();
  count += 1;
  queue = cloud.queues.createQueue(region, `sent-${count}`);
});

afterAll(() => cloud.close());

async function invoke(change: Partial<InvokeCommandInput> = {}) {
  const Payload = Buffer.from(JSON.stringify({ queueUrl: urlOf(queue) }));
  const input = { FunctionName: 'certkeep-sender', Payload, ...change };
  const answer = await cloud.client.send(new InvokeCommand(input));
  const text = answer.Payload?.transformToString();
  return { ...answer, payload: text ? JSON.parse(text) : null };
}

function urlOf({ name }: Queue): string {
  return `${cloud.endpoint}/000000000000/${name}`;
}

const bodies = () => queue.messages().map(({ body }) => body);

describe('Invoke', () => {
  it('runs the function with the SDK it brings and answers with what it returns', async () => {
    const { StatusCode, payload } = await invoke();
    expect(StatusCode).toBe(200);
    expect(payload).toEqual(queue.messages().map(({ id }) => id));
    expect(cloud.faults.calls.at(-1)).toMatchObject({ operation: 'SendMessage', caller: 'sender' });
  });

  it('answers 200 with FunctionError when the function fails', async () => {
    const Payload = Buffer.from(
      JSON.stringify({ queueUrl: `${cloud.endpoint}/000000000000/lost` }),
    );
    const { StatusCode, FunctionError, payload } = await invoke({ Payload });
    expect({ StatusCode, FunctionError }).toEqual({ StatusCode: 200, FunctionError: 'Unhandled' });
    expect(payload).toMatchObject({ errorType: 'QueueDoesNotExist' });
  });

  it('only takes the event when nobody waits, and tries again after a failure', async () => {
    cloud.faults.add({ when: ({ service }) => service === 'sqs', fault: { do: 'kill-before' } });
    expect(await invoke({ InvocationType: 'Event' })).toMatchObject({ StatusCode: 202 });
    await expect.poll(bodies).toEqual(['one', 'two']);
  });

  it.each<[string, Partial<InvokeCommandInput>, string]>([
    ['an unknown function', { FunctionName: 'certkeep-x' }, 'ResourceNotFoundException'],
    ['what is not JSON', { Payload: Buffer.from('{') }, 'InvalidRequestContentException'],
    ['the log tail', { LogType: 'Tail' }, 'NotImplemented'],
  ])('refuses %s', async (_, change, name) => {
    await expect(invoke(change)).rejects.toMatchObject({ name });
  });
});

describe('a function killed in the middle of a call', () => {
  it.each<['kill-before' | 'kill-after', string[]]>([
    ['kill-before', ['one']],
    ['kill-after', ['one', 'two']],
  ])('fails (%s), and the next invocation works on new connections', async (fault, left) => {
    cloud.faults.add({ when: ({ service }) => service === 'sqs', skip: 1, fault: { do: fault } });
    expect((await invoke()).payload).toMatchObject({ errorType: 'Runtime.ExitError' });
    expect(bodies()).toEqual(left);
    expect((await invoke()).FunctionError).toBeUndefined();
    expect(bodies()).toEqual([...left, 'one', 'two']);
  });
});

it('lets the SDK try again when an answer is lost on a kept connection', async () => {
  cloud.faults.add({
    when: ({ service }) => service === 'sqs',
    skip: 1,
    fault: { do: 'lose-answer' },
  });
  expect((await invoke()).FunctionError).toBeUndefined();
  expect(bodies()).toEqual(['one', 'two', 'two']);
});

it('lists the functions under their deployed names', async () => {
  const { Functions } = await cloud.client.send(new ListFunctionsCommand({}));
  expect(Functions).toMatchObject([
    { FunctionName: 'certkeep-sender', Runtime: 'nodejs24.x', Timeout: 60 },
  ]);
});

it('describes one function, with its environment', async () => {
  const describe = (FunctionName: string) =>
    cloud.client.send(new GetFunctionConfigurationCommand({ FunctionName }));
  const { Functions } = await cloud.client.send(new ListFunctionsCommand({}));
  const [listed] = Functions ?? [];
  const { $metadata: _, ...described } = await describe('certkeep-sender');
  expect(described).toEqual(listed);
  expect(described.Environment?.Variables).toEqual(expect.any(Object));
  await expect(describe('certkeep-x')).rejects.toMatchObject({
    name: 'ResourceNotFoundException',
    message: 'Function not found: arn:aws:lambda:eu-west-1:000000000000:function:certkeep-x',
  });
});
