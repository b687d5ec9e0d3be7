import { Duration, Validations } from 'aws-cdk-lib';
import { AnyPrincipal, Effect, PolicyStatement } from 'aws-cdk-lib/aws-iam';
import { type IQueue, Queue, QueueEncryption } from 'aws-cdk-lib/aws-sqs';
import type { Construct } from 'constructs';
import type { QueueName, ResourceNames } from '#shared/installation.ts';
import { functionTimeout } from '../pace.ts';

/**
 * A delivery that Lambda throttles counts as a receive, so AWS asks for five at least
 * (https://docs.aws.amazon.com/lambda/latest/dg/services-sqs-configure.html). Check finds the work again from
 * the ledger.
 */
const maxReceiveCount = 5;
/**
 * The message of a killed run returns after it. Lambda demands only the function's timeout (the same page);
 * six times as much, which it advises for retries of throttled batches, would hold up the group for a quarter
 * of an hour.
 */
const visibilityTimeout = Duration.seconds(2 * functionTimeout.toSeconds());
/** Long enough to be looked at after a holiday; the work itself is in the ledger. */
const deadRetention = Duration.days(14);

/** Messages name certificates and places and nothing else, so SQS's own encryption is enough. */
const common = { encryption: QueueEncryption.SQS_MANAGED, enforceSSL: true } as const;

export type WorkQueue = { readonly queue: IQueue; readonly dead: IQueue };

export type Queues = Readonly<Record<QueueName, WorkQueue>> & {
  /** What failed without coming from a queue: schedules and events. */
  readonly deadEvents: IQueue;
};

/** `roleArn`: of the function that alone takes work from its queue. */
export function createQueues(
  scope: Construct,
  names: ResourceNames,
  roleArn: (name: QueueName) => string,
): Queues {
  const workQueue = (id: string, name: QueueName) => {
    const called = { queue: names.queue(name), dead: names.deadLetters(name) };
    return createWorkQueue(scope, id, called, roleArn(name));
  };
  return {
    issue: workQueue('Issue', 'issue'),
    deploy: workQueue('Deploy', 'deploy'),
    verify: workQueue('Verify', 'verify'),
    deadEvents: createDeadEvents(scope, names.deadEvents),
  };
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

/** A receive by anybody else would count, and send work to the dead letters that no run has seen. */
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
