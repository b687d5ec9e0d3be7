import type { SQSEvent, SQSMessageAttributes, SQSRecordAttributes } from 'aws-lambda';
import { AwsError } from '#local/wire/service.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import type { DeployedFunction, EventSourceMapping } from '../services/lambda/state.ts';
import { md5, md5OfAttributes, type StoredMessage } from '../services/sqs/message.ts';
import type { Queue } from '../services/sqs/queue.ts';
import { systemAttributes } from '../services/sqs/views.ts';
import type { Work, WorkSource } from './work.ts';

/** Polls for an event source mapping with a batch size of 1, and without ReportBatchItemFailures. */
export function queueSource(options: {
  readonly queue: Queue;
  /** As it is deployed now. */
  readonly mapping: () => EventSourceMapping | undefined;
  readonly functionAt: (arn: string) => DeployedFunction | undefined;
  readonly rights: FunctionRights;
  readonly onProblem: (problem: string) => void;
}): WorkSource {
  const { queue } = options;
  let running = 0;
  let isRefused = false;

  /** Tells a refusal once, and not at every look. */
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

  function next(deployed: DeployedFunction): Work | null {
    const [message] = queue.receive({ max: 1 });
    if (!message) return null;
    running += 1;
    return {
      deployed,
      event: sqsEvent(queue, message),
      ended(result) {
        running -= 1;
        // A failed message stays where it is and comes back when its visibility ends.
        if (result.ok) remove(message, deployed);
      },
    };
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
      if (!deployed || queue.counts().visible === 0 || !(await isAllowed(deployed))) return [];
      const works: Work[] = [];
      while (running < (mapping.maxConcurrency ?? Number.POSITIVE_INFINITY)) {
        const work = next(deployed);
        if (!work) break;
        works.push(work);
      }
      return works;
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
