import { homeAccount } from '../../wire/accounts.ts';
import type { Operations } from '../../wire/service.ts';
import type { QueueAttributes } from './attributes.ts';
import { type Queue, queueOf } from './queue.ts';
import {
  create,
  createQueue,
  deleteQueue,
  getQueueAttributes,
  getQueueUrl,
  listQueues,
  purgeQueue,
  setQueueAttributes,
} from './queues.ts';
import { changeMessageVisibility, deleteMessage, receiveMessage } from './receiving.ts';
import { sendMessage } from './sending.ts';
import { queueArn, type SqsState } from './state.ts';

export type Sqs = {
  readonly operations: Operations;
  /** CreateQueue, for the wiring; returns the queue if it exists. */
  createQueue(region: string, name: string, attributes?: QueueAttributes): Queue;
  queue(region: string, name: string): Queue | null;
  queueByArn(arn: string): Queue | null;
  /** The queues of every account and region. */
  all(): Iterable<Queue>;
};

/** SQS in memory, per account and region. */
export function sqs({ clock, endpoint }: Pick<SqsState, 'clock' | 'endpoint'>): Sqs {
  const state: SqsState = { clock, endpoint, queues: new Map() };
  const queueByArn = (arn: string) => {
    const queue = state.queues.get(arn);
    return queue ? queueOf(queue) : null;
  };
  return {
    operations: {
      CreateQueue: (input, call) => createQueue(state, input, call),
      DeleteQueue: (input, call) => deleteQueue(state, input, call),
      GetQueueUrl: (input, call) => getQueueUrl(state, input, call),
      GetQueueAttributes: (input, call) => getQueueAttributes(state, input, call),
      SetQueueAttributes: (input, call) => setQueueAttributes(state, input, call),
      ListQueues: (input, call) => listQueues(state, input, call),
      PurgeQueue: (input, call) => purgeQueue(state, input, call),
      SendMessage: (input, call) => sendMessage(state, input, call),
      ReceiveMessage: (input, call) => receiveMessage(state, input, call),
      DeleteMessage: (input, call) => deleteMessage(state, input, call),
      ChangeMessageVisibility: (input, call) => changeMessageVisibility(state, input, call),
    },
    createQueue: (region, name, attributes = {}) =>
      queueOf(create(state, { region, account: homeAccount }, name, attributes)),
    queue: (region, name) => queueByArn(queueArn(region, homeAccount, name)),
    queueByArn,
    all: () => [...state.queues.values()].map(queueOf),
  };
}
