import type { SQSEvent, SQSMessageAttributes, SQSRecordAttributes } from 'aws-lambda';
import { AwsError } from '#local/wire/service.ts';
import { md5, md5OfAttributes, type StoredMessage } from '../services/sqs/message.ts';
import type { Queue } from '../services/sqs/queue.ts';
import { systemAttributes } from '../services/sqs/views.ts';
import type { Work, WorkSource } from './work.ts';

/** An event source mapping with a batch size of 1, and without ReportBatchItemFailures. */
export function queueSource(options: {
  readonly queue: Queue;
  readonly functionName: string;
  readonly functionTimeoutMs: number;
  readonly maxConcurrency: number;
  readonly onProblem: (problem: string) => void;
}): WorkSource {
  const { queue, functionName, maxConcurrency } = options;
  assertAccepted(options);
  let running = 0;

  function next(): Work | null {
    const [message] = queue.receive({ max: 1 });
    if (!message) return null;
    running += 1;
    return {
      functionName,
      event: sqsEvent(queue, message),
      ended(result) {
        running -= 1;
        // A failed message stays where it is and comes back when its visibility ends.
        if (result.ok) remove(message);
      },
    };
  }

  function remove(message: StoredMessage): void {
    try {
      queue.delete(message.receiptHandle ?? '');
    } catch (error) {
      if (!(error instanceof AwsError)) throw error;
      options.onProblem(
        `${functionName}: ${queue.name} delivers ${message.id} again: ${error.message}`,
      );
    }
  }

  return {
    takeDue() {
      const works: Work[] = [];
      while (running < maxConcurrency) {
        const work = next();
        if (!work) break;
        works.push(work);
      }
      return works;
    },
  };
}

/** CreateEventSourceMapping refuses these; so that the wiring is found wrong here and not on AWS. */
function assertAccepted(options: Parameters<typeof queueSource>[0]): void {
  const { queue, functionName, functionTimeoutMs, maxConcurrency } = options;
  const visibilitySeconds = Number(queue.attributes().VisibilityTimeout);
  if (visibilitySeconds * 1_000 < functionTimeoutMs) {
    throw new Error(
      `${queue.name}: Queue visibility timeout: ${visibilitySeconds} seconds is less than Function timeout: ${functionTimeoutMs / 1_000} seconds (${functionName})`,
    );
  }
  if (!Number.isInteger(maxConcurrency) || maxConcurrency < 2 || maxConcurrency > 1_000) {
    throw new Error(
      `${queue.name}: a maximum concurrency of ${maxConcurrency} for ${functionName} is not between 2 and 1000`,
    );
  }
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
