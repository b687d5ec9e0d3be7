import { randomUUID } from 'node:crypto';
import {
  GetScheduleCommand,
  ListSchedulesCommand,
  SchedulerClient,
  UpdateScheduleCommand,
} from '@aws-sdk/client-scheduler';
import { operatorClient } from 'local-cloud/operator.ts';
import type { EventSourceMapping } from 'local-cloud/services/lambda/state.ts';
import { ask } from 'local-cloud/wire/service.ts';
import { type AlarmStage, call, region } from './stage.ts';

type Act = (stage: AlarmStage) => Promise<void> | void;

/** What an alarm of the installation rings for, and what ends it. */
export type Cause = {
  /** The state in which it rings. */
  readonly state: 'ALARM' | 'INSUFFICIENT_DATA';
  readonly begin: Act;
  readonly end: Act;
  /** How long it may take to ring, and to be over, in minutes. */
  readonly ringsWithin: number;
  readonly isOverWithin: number;
};

/** What each alarm of the template rings for. */
export const causes: readonly (readonly [what: string, alarm: string, cause: Cause])[] = [
  ['dead letters of issue', 'DeadLetters', deadLetters('issue')],
  ['dead letters of deploy', 'DeadLetters', deadLetters('deploy')],
  ['dead letters of verify', 'DeadLetters', deadLetters('verify')],
  ['a failing verify that its schedule starts', 'DeadLetters', deadEvents('verify')],
  ['a failing sync', 'DeadLetters', deadEvents('sync', event('issued'))],
  ['a failing alert', 'DeadLetters', deadEvents('alert', event('checked'))],
  [
    'a failing check',
    'CheckFails',
    {
      state: 'ALARM',
      begin: failing('check', () => undefined),
      end: ({ failing }) => void failing.delete('check'),
      ringsWithin: 60,
      // The failures count for an hour, whether the function is invoked again or not.
      isOverWithin: 65,
    },
  ],
  ['an issue queue that nobody reads', 'QueueOld-issue', unread('issue')],
  ['a deploy queue that nobody reads', 'QueueOld-deploy', unread('deploy')],
  ['a verify queue that nobody reads', 'QueueOld-verify', unread('verify')],
  [
    'alert that does not come',
    'AlertSilent',
    {
      state: 'ALARM',
      begin: ({ measured }) => measured.alertAge(21_600),
      end: ({ measured }) => measured.alertAge(0),
      ringsWithin: 60,
      isOverWithin: 65,
    },
  ],
  [
    'a check without a schedule',
    'CheckSilent',
    {
      state: 'INSUFFICIENT_DATA',
      begin: (stage) => switchSchedules(stage, 'DISABLED'),
      end: (stage) => switchSchedules(stage, 'ENABLED'),
      // An hour, and what CloudWatch looks at besides.
      ringsWithin: 90,
      isOverWithin: 20,
    },
  ],
];

/** A message that is received five times, with five minutes between. */
function deadLetters(queue: string): Cause {
  return {
    state: 'ALARM',
    begin: failing(queue, message(queue)),
    end: purging(`certkeep-${queue}-dead.fifo`, queue),
    ringsWithin: 40,
    isOverWithin: 20,
  };
}

/** Its event source mapping is gone, and it holds a message. */
function unread(queue: string): Cause {
  let taken: EventSourceMapping | undefined;
  return {
    state: 'ALARM',
    async begin(stage) {
      const { mappings } = stage.cloud.lambda;
      taken = [...mappings.values()].find(({ queueArn }) => queueArn.endsWith(`-${queue}.fifo`));
      mappings.delete(taken?.id ?? '');
      await message(queue)(stage);
    },
    end({ cloud }) {
      if (taken) cloud.lambda.mappings.set(taken.id, taken);
    },
    ringsWithin: 130,
    isOverWithin: 20,
  };
}

/** It is tried three times within three minutes, once it is started. */
function deadEvents(stage: string, act: Act = () => undefined): Cause {
  return {
    state: 'ALARM',
    begin: failing(stage, act),
    end: purging('certkeep-dead-events', stage),
    ringsWithin: 20,
    isOverWithin: 20,
  };
}

function failing(stage: string, act: Act): Act {
  return async (given) => {
    given.failing.add(stage);
    await act(given);
  };
}

function purging(queue: string, stage: string): Act {
  return (given) => {
    given.failing.delete(stage);
    given.queue(queue).purge();
    // Its schedule fails as well.
    given.queue('certkeep-dead-events').purge();
  };
}

function message(queue: string): Act {
  return (given) => {
    const ids = { groupId: 'shop', deduplicationId: randomUUID() };
    given.queue(`certkeep-${queue}.fifo`).send({ body: '{}', senderId: 'a-test', ...ids });
  };
}

function event(DetailType: string): Act {
  return ({ cloud }) => {
    const entry = { EventBusName: 'certkeep', Source: 'certkeep', DetailType, Detail: '{}' };
    ask(cloud.events, 'PutEvents', { Entries: [entry] }, call);
  };
}

/** As an operator does, with what is there and another state. */
async function switchSchedules(
  { cloud }: Pick<AlarmStage, 'cloud'>,
  State: 'ENABLED' | 'DISABLED',
): Promise<void> {
  const client = new SchedulerClient(operatorClient(cloud, region));
  const { Schedules = [] } = await client.send(new ListSchedulesCommand({ GroupName: 'certkeep' }));
  for (const { GroupName, Name } of Schedules) {
    const shown = await client.send(new GetScheduleCommand({ GroupName, Name }));
    const { $metadata, Arn, CreationDate, LastModificationDate, ...kept } = shown;
    const { FlexibleTimeWindow, ScheduleExpression, Target } = kept;
    const needed = { Name, FlexibleTimeWindow, ScheduleExpression, Target };
    await client.send(new UpdateScheduleCommand({ ...kept, ...needed, State }));
  }
}
