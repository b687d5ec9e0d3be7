import type { FunctionRights } from '../iam/function-rights.ts';
import type { Queue } from '../services/sqs/queue.ts';
import { AwsError } from '../wire/service.ts';

type DeadLetter = {
  readonly queueArn: string;
  /** The sender: a role, or EventBridge itself for a rule. */
  readonly by: { readonly role: string } | { readonly rule: string };
  readonly body: unknown;
  /** The reason, for people who look at letters that could not be sent. */
  readonly why: string;
};

/** Sends undeliverable events to queues. */
export type DeadLetters = { send(letter: DeadLetter): Promise<void> };

export function deadLetters(options: {
  readonly queue: (arn: string) => Queue | null;
  readonly rights: FunctionRights;
  readonly onProblem: (problem: string) => void;
}): DeadLetters {
  const { rights } = options;

  async function obstacleTo({ body, by, queueArn }: DeadLetter): Promise<string | null> {
    const queue = options.queue(queueArn);
    if (!queue) return 'it does not exist';
    const missing =
      'role' in by
        ? await rights.missingToSend(by.role, queueArn)
        : await rights.missingToSendByRule(by.rule, queueArn);
    const sender = 'role' in by ? by.role : 'events.amazonaws.com';
    if (missing.length > 0) return `${sender} lacks ${missing.join(', ')}`;
    try {
      queue.send({ body: JSON.stringify(body), senderId: sender });
      return null;
    } catch (error) {
      if (error instanceof AwsError) return error.message;
      throw error;
    }
  }

  return {
    async send(letter) {
      const obstacle = await obstacleTo(letter);
      if (obstacle === null) return;
      options.onProblem(`${letter.why}, and ${letter.queueArn} does not take it: ${obstacle}`);
    },
  };
}
