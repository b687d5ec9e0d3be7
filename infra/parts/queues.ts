import { Duration, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueueName, ResourceNames } from '#shared/installation.ts';
import { functionTimeout } from '../timings.ts';

/**
 * A delivery that Lambda throttles counts as a receive, so AWS recommends at least five
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). Check finds the work again in the ledger.
 */
const maxReceiveCount = 5;
/**
 * The message of a killed run returns after this time. Lambda requires only the function's timeout (the same page); the
 * recommended six-fold, for retries of throttled batches, would block the group for a quarter of an hour.
 */
const visibilityTimeout = Duration.seconds(2 * functionTimeout.toSeconds());
/** Long enough to investigate after a holiday; the work itself is in the ledger. */
const deadRetention = Duration.days(14);

/** Messages contain only names of certificates and places, so SQS's own encryption is enough. */
const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

type WorkQueue = { readonly queue: IQueue; readonly dead: IQueue };

export type Queues = Readonly<Record<QueueName, WorkQueue>> & {
  /** Failed invocations that did not come from a queue: schedules and events. */
  readonly deadEvents: IQueue;
  /** Deploys that have a time of their own; null where no target waits for turns. */
  readonly later: IQueue | null;
};

/** `roleArn` returns the role of the only function that takes work from a queue. */
export function createQueues(
  scope: Construct,
  names: ResourceNames,
  roleArn: (name: QueueName) => string,
  hasTurns: boolean,
): Queues {
  const workQueue = (id: string, name: QueueName) => {
    const called = { queue: names.queue(name), dead: names.deadLetters(name) };
    return createWorkQueue(scope, id, called, roleArn(name));
  };
  const deadEvents = createDeadEvents(scope, names.deadEvents);
  return {
    issue: workQueue('Issue', 'issue'),
    deploy: workQueue('Deploy', 'deploy'),
    verify: workQueue('Verify', 'verify'),
    deadEvents,
    later: hasTurns
      ? createLaterQueue(scope, names.laterQueue, deadEvents, roleArn('deploy'))
      : null,
  };
}

/** A FIFO queue keeps no single message back. What it loses, check finds in the ledger. */
function createLaterQueue(
  scope: Construct,
  queueName: string,
  dead: IQueue,
  readerArn: string,
): IQueue {
  const queue = new Queue(scope, 'LaterQueue', {
    ...common,
    queueName,
    visibilityTimeout,
    deadLetterQueue: { queue: dead, maxReceiveCount },
  });
  keepForReader(queue, readerArn);
  return queue;
}

function createDeadEvents(scope: Construct, queueName: string): IQueue {
  const queue = new Queue(scope, 'DeadEvents', {
    ...common,
    queueName,
    retentionPeriod: deadRetention,
  });
  Validations.of(queue).acknowledge({
    id: 'AwsSolutions-SQS3',
    reason: 'It is where schedules, rules and asynchronous invocations leave what failed.',
  });
  return queue;
}

function createWorkQueue(
  scope: Construct,
  id: string,
  names: { readonly queue: string; readonly dead: string },
  readerArn: string,
): WorkQueue {
  const dead = new Queue(scope, `${id}DeadLetters`, {
    ...common,
    fifo: true,
    queueName: names.dead,
    retentionPeriod: deadRetention,
  });
  const queue = new Queue(scope, `${id}Queue`, {
    ...common,
    fifo: true,
    queueName: names.queue,
    visibilityTimeout,
    deadLetterQueue: { queue: dead, maxReceiveCount },
  });
  keepForReader(queue, readerArn);
  return { queue, dead };
}

/** A receive by somebody else would count, and could send work to the dead letters before any run has seen it. */
function keepForReader(queue: Queue, readerArn: string): void {
  queue.addToResourcePolicy(
    new PolicyStatement({
      sid: 'OtherReaders',
      effect: Effect.DENY,
      principals: [new AnyPrincipal()],
      actions: ['sqs:ReceiveMessage', 'sqs:DeleteMessage', 'sqs:ChangeMessageVisibility'],
      resources: [queue.queueArn],
      conditions: { ArnNotEquals: { 'aws:PrincipalArn': readerArn } },
    }),
  );
}
