import { afterEach, describe, expect, it } from 'vitest';
import { hourMs, minuteMs } from '#cloud/clock.ts';
import type { FunctionRights } from '#cloud/iam/function-rights.ts';
import { everyRight } from '#cloud/runtime/rights.ts';
import { putInvokeConfig } from '#cloud/services/lambda/functions.ts';
import { ask } from '#cloud/wire/service.ts';
import { deployedFunction } from '../fixtures/deployed-function.ts';
import { call, type Dispatched, dispatched, hourly, region } from '../fixtures/dispatched.ts';

let cloud: Dispatched;

afterEach(() => cloud.dispatcher.stop());

/** Without those of which the test says so. */
function rightsBut(missing: Partial<FunctionRights>): FunctionRights {
  return { ...everyRight, ...missing };
}

function deadEvents(): unknown[] {
  const messages = cloud.queues.queue(region, 'dead-events')?.messages() ?? [];
  return messages.map(({ body }) => JSON.parse(body));
}

const entry = { EventBusName: 'certkeep', Source: 'certkeep', DetailType: 'x', Detail: '{}' };
const put = () => ask(cloud.events, 'PutEvents', { Entries: [entry] }, call);

describe('an event', () => {
  it('reaches the function of its rule', async () => {
    cloud = dispatched();
    const seen: unknown[] = [];
    cloud.handlers.alert = async (event) => void seen.push(event);
    put();
    await cloud.dispatcher.settle();
    expect(seen).toMatchObject([{ source: 'certkeep', detail: {} }]);
  });

  it('goes to the dead letters of its target where the function does not let EventBridge in', async () => {
    const asked: unknown[] = [];
    const missingToInvokeByRule = async (...request: unknown[]) => {
      asked.push(request);
      return ['lambda:InvokeFunction'];
    };
    cloud = dispatched({ rights: rightsBut({ missingToInvokeByRule }) });
    cloud.handlers.alert = async () => expect.unreachable();
    put();
    await cloud.dispatcher.settle();
    const rule = 'arn:aws:events:eu-west-1:000000000000:rule/certkeep/all';
    expect(asked).toEqual([[rule, deployedFunction('certkeep-alert').arn]]);
    expect(deadEvents()).toMatchObject([{ source: 'certkeep' }]);
  });

  it('is lost, and reported, where it may not be sent there either', async () => {
    const missingToInvokeByRule = async () => ['lambda:InvokeFunction'];
    const missingToSendByRule = async () => ['sqs:SendMessage'];
    cloud = dispatched({ rights: rightsBut({ missingToInvokeByRule, missingToSendByRule }) });
    put();
    await cloud.dispatcher.settle();
    expect(deadEvents()).toEqual([]);
    expect(cloud.problems).toEqual([
      expect.stringMatching(/does not take it: events.amazonaws.com lacks sqs:SendMessage$/),
    ]);
  });
});

describe('an asynchronous invocation', () => {
  async function triesAfter(...waits: readonly number[]): Promise<readonly number[]> {
    let tries = 0;
    cloud.handlers.alert = async () => {
      tries += 1;
      throw new Error('the inbox is closed');
    };
    put();
    const counts: number[] = [];
    for (const ms of waits) {
      cloud.clock.advance(ms);
      await cloud.dispatcher.settle();
      counts.push(tries);
    }
    return counts;
  }

  it('is tried again after one minute and after two more, and is dead then', async () => {
    cloud = dispatched();
    expect(await triesAfter(0, minuteMs - 1, 1, 2 * minuteMs, hourMs)).toEqual([1, 1, 2, 3, 3]);
    expect(cloud.dispatcher.deadEvents).toMatchObject([
      { functionName: 'certkeep-alert', error: { message: 'the inbox is closed' } },
    ]);
  });

  const { arn } = deployedFunction('certkeep-alert');
  const onFailureArn = hourly.target.deadLetterArn;

  it('is tried as often as its configuration says, and then goes where it says', async () => {
    cloud = dispatched();
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 1, maxAgeMs: hourMs, onFailureArn });
    expect(await triesAfter(0, minuteMs, hourMs)).toEqual([1, 2, 2]);
    expect(deadEvents()).toEqual([
      expect.objectContaining({
        requestContext: expect.objectContaining({
          condition: 'RetriesExhausted',
          approximateInvokeCount: 2,
          functionArn: `${arn}:$LATEST`,
        }),
        requestPayload: expect.objectContaining({ source: 'certkeep' }),
        responsePayload: { errorType: 'Error', errorMessage: 'the inbox is closed' },
      }),
    ]);
  });

  it('is not tried when it is too old', async () => {
    cloud = dispatched();
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 2, maxAgeMs: 2 * minuteMs, onFailureArn });
    expect(await triesAfter(0, minuteMs, hourMs)).toEqual([1, 2, 2]);
    expect(deadEvents()).toMatchObject([{ requestContext: { condition: 'EventAgeExceeded' } }]);
  });

  it('is lost, and reported, where its function’s role may not keep it', async () => {
    const missingToSend = async () => ['sqs:SendMessage'];
    cloud = dispatched({ rights: rightsBut({ missingToSend }) });
    putInvokeConfig(cloud.lambda, arn, { maxRetries: 0, maxAgeMs: hourMs, onFailureArn });
    await triesAfter(0);
    expect(deadEvents()).toEqual([]);
    expect(cloud.problems).toEqual([
      expect.stringMatching(/role\/certkeep-alert lacks sqs:SendMessage$/),
    ]);
  });
});

it('a function whose role Lambda cannot take on is not run', async () => {
  cloud = dispatched({ rights: rightsBut({ missingToRun: async () => ['sts:AssumeRole'] }) });
  cloud.handlers.alert = async () => expect.unreachable();
  expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject({
    ok: false,
    error: { name: 'AccessDeniedException' },
  });
  put();
  await cloud.dispatcher.settle();
  expect(cloud.problems).toContain(
    'The role arn:aws:iam::000000000000:role/certkeep-alert of certkeep-alert cannot be assumed by Lambda.',
  );
});

it('a function that its role cannot attach to its network is not run', async () => {
  cloud = dispatched({
    rights: rightsBut({ missingToAttach: async () => ['ec2:CreateNetworkInterface'] }),
  });
  cloud.handlers.alert = async () => expect.unreachable();
  const network = { subnets: ['subnet-0a1b2c3d'], securityGroups: ['sg-0a1b2c3d'] };
  const inside = deployedFunction('certkeep-alert', { network });
  cloud.lambda.functions.set(inside.arn, inside);
  expect(await cloud.dispatcher.invoke('alert', {})).toMatchObject({
    ok: false,
    error: { name: 'EC2AccessDeniedException' },
  });
});
