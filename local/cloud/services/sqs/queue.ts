import type { NewMessage } from './acceptance.ts';
import type { QueueAttributes } from './attributes.ts';
import type { StoredMessage } from './message.ts';
import { changeVisibility, receive, remove, type Wanted } from './receiving.ts';
import { send } from './sending.ts';
import { countsOf, type QueueState, type Sent } from './state.ts';

/** A queue for those who use it without a request: Lambda's poller, the wiring, tests. */
export type Queue = {
  readonly name: string;
  readonly arn: string;
  readonly region: string;
  readonly fifo: boolean;
  /** SetQueueAttributes; the caller has checked them. */
  setAttributes(given: QueueAttributes): void;
  attributes(): QueueAttributes;
  send(message: NewMessage): Sent;
  /** Returns up to `max` messages in order. Messages received too often go to the dead-letter queue instead. */
  receive(wanted: Wanted): StoredMessage[];
  /** Throws an `AwsError` when the handle is unknown or, on a FIFO queue, no longer the one in flight. */
  delete(receiptHandle: string): void;
  changeVisibility(receiptHandle: string, visibilityMs: number): void;
  /** PurgeQueue, whenever it was purged last. */
  purge(): void;
  counts(): ReturnType<typeof countsOf>;
  messages(): readonly Readonly<StoredMessage>[];
  /** Calls the listener whenever a message may have become deliverable, except when only time has passed. */
  onArrival(listener: () => void): void;
};

const handles = new WeakMap<QueueState, Queue>();

/** The same object for the same queue. */
export function queueOf(state: QueueState): Queue {
  const queue = handles.get(state) ?? newQueue(state);
  handles.set(state, queue);
  return queue;
}

function newQueue(state: QueueState): Queue {
  const { name, arn, region, fifo } = state;
  return {
    name,
    arn,
    region,
    fifo,
    setAttributes(given) {
      state.attributes = { ...state.attributes, ...given };
    },
    attributes: () => state.attributes,
    send: (message) => send(state, message),
    receive: (wanted) => receive(state, wanted),
    delete: (receiptHandle) => remove(state, receiptHandle),
    changeVisibility: (receiptHandle, ms) => changeVisibility(state, receiptHandle, ms),
    purge() {
      state.kept = [];
    },
    counts: () => countsOf(state),
    messages: () => state.kept,
    onArrival: (listener) => void state.listeners.push(listener),
  };
}
