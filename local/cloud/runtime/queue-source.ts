import type { SQSEvent, SQSMessageAttributes, SQSRecordAttributes } from 'aws-lambda';
import type { Clock } from '../clock.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import type { DeployedFunction, EventSourceMapping } from '../services/lambda/state.ts';
import { md5, md5OfAttributes, type StoredMessage } from '../services/sqs/message.ts';
import type { Queue } from '../services/sqs/queue.ts';
import { systemAttributes } from '../services/sqs/views.ts';
import { AwsError } from '../wire/service.ts';
import { throttledRetryMs } from './throttling.ts';
import type { Work, WorkSource } from './work.ts';

/** Messages that the poller has received and could not yet hand over. */
type Held = {
  readonly message: StoredMessage;
  readonly throttles: number;
  readonly dueAtMs: number;
};

/**
 * Polls for an event source mapping with a batch size of 1, and without ReportBatchItemFailures.
 *
 * A throttled delivery counts as received. "Lambda continues to retry the message until the message's timestamp exceeds
 * your queue's visibility timeout, at which point Lambda drops the message" (services-sqs-errorhandling.html, "Backoff
 * strategy for failed invocations"): then it becomes visible again.
 */
export function queueSource(options: {
  readonly queue: Queue;
  readonly clock: Clock;
  /** The mapping as it is deployed now. */
  readonly mapping: () => EventSourceMapping | undefined;
  readonly functionAt: (arn: string) => DeployedFunction | undefined;
  readonly rights: FunctionRights;
  readonly onProblem: (problem: string) => void;
}): WorkSource {
  const { clock, queue } = options;
  let running = 0;
  let held: readonly Held[] = [];
  let isRefused = false;

  /** Reports a refusal once, not at every look. */
  async function isAllowed(deployed: DeployedFunction): Promise<boolean> {
    const wasRefused = isRefused;
    const missing = await options.rights.missingToPoll(deployed.roleArn, queue.arn);
    isRefused = missing.length > 0;
    if (isRefused && !wasRefused) {
      const lacking = missing.join(', ');
      options.onProblem(`${deployed.name}: ${queue.name} is not read: its role lacks ${lacking}`);
    }
    return !isRefused;
  }

  function workOf(deployed: DeployedFunction, message: StoredMessage, throttles: number): Work {
    running += 1;
    return {
      deployed,
      event: sqsEvent(queue, message),
      ended(result) {
        running -= 1;
        // A failed message stays in the queue, and is visible again after its timeout.
        if (result.ok) remove(message, deployed);
        else if (result.isThrottled) hold(message, throttles + 1);
      },
    };
  }

  function hold(message: StoredMessage, throttles: number): void {
    const retryAtMs = clock.now().getTime() + throttledRetryMs(throttles);
    const dueAtMs = Math.min(retryAtMs, message.visibleAtMs);
    held = [...held, { message, throttles, dueAtMs }];
  }

  function takeHeld(deployed: DeployedFunction): Work[] {
    const now = clock.now().getTime();
    const due = held.filter(({ dueAtMs }) => dueAtMs <= now);
    held = held.filter(({ dueAtMs }) => dueAtMs > now);
    return due
      .filter(({ message }) => message.visibleAtMs > now)
      .map(({ message, throttles }) => workOf(deployed, message, throttles));
  }

  function remove(message: StoredMessage, { name }: DeployedFunction): void {
    try {
      queue.delete(message.receiptHandle ?? '');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      options.onProblem(`${name}: ${queue.name} delivers ${message.id} again: ${error.message}`);
    }
  }

  return {
    async takeDue() {
      const mapping = options.mapping();
      const deployed = mapping && options.functionAt(mapping.functionArn);
      if (!deployed) {
        held = [];
        return [];
      }
      const works = takeHeld(deployed);
      if (queue.counts().visible === 0 || !(await isAllowed(deployed))) return works;
      const most = mapping.maxConcurrency ?? Number.POSITIVE_INFINITY;
      while (running + held.length < most) {
        const [message] = queue.receive({ max: 1 });
        if (!message) break;
        works.push(workOf(deployed, message, 0));
      }
      return works;
    },
    throttledUntilMs() {
      return held.length > 0 ? Math.min(...held.map(({ dueAtMs }) => dueAtMs)) : null;
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/with-sqs.html, "Example Amazon SQS message event". */
function sqsEvent(queue: Queue, message: StoredMessage): SQSEvent {
  const digest = md5OfAttributes(message.attributes);
  return {
    Records: [
      {
        messageId: message.id,
        receiptHandle: message.receiptHandle ?? '',
        body: message.body,
        attributes: systemAttributes(message) as unknown as SQSRecordAttributes,
        messageAttributes: recordAttributes(message),
        md5OfBody: md5(message.body),
        ...(digest ? { md5OfMessageAttributes: digest } : {}),
        eventSource: 'aws:sqs',
        eventSourceARN: queue.arn,
        awsRegion: queue.region,
      },
    ],
  };
}

function recordAttributes(message: StoredMessage): SQSMessageAttributes {
  return Object.fromEntries(
    Object.entries(message.attributes).map(([name, value]) => [
      name,
      {
        ...(value.StringValue === undefined ? {} : { stringValue: value.StringValue }),
        ...(value.BinaryValue === undefined
          ? {}
          : { binaryValue: Buffer.from(value.BinaryValue).toString('base64') }),
        stringListValues: [],
        binaryListValues: [],
        dataType: value.DataType ?? 'String',
      },
    ]),
  );
}
