import type { Queue } from '../services/sqs/queue.ts';
import { AwsError } from '../wire/service.ts';
import type { ActingService, Rights } from './rights.ts';

export type DeadLetter = {
  readonly queueArn: string;
  /** A role in whose name it is sent, or the service that sends it. */
  readonly by: string | ActingService;
  readonly body: unknown;
  /** What went wrong, for people who look at what could not even be sent. */
  readonly why: string;
};

/** Sends to queues what nobody could be made to take. */
export type DeadLetters = { send(letter: DeadLetter): Promise<void> };

export function deadLetters(options: {
  readonly queue: (arn: string) => Queue | null;
  readonly rights: Rights;
  readonly onProblem: (problem: string) => void;
}): DeadLetters {
  const { rights } = options;

  function isAllowed({ by, queueArn }: DeadLetter): Promise<boolean> {
    if (typeof by === 'string') return rights.roleMay(by, 'sqs:SendMessage', queueArn);
    return rights.serviceMay(by, 'sqs:SendMessage', queueArn);
  }

  async function obstacleTo(letter: DeadLetter): Promise<string | null> {
    const queue = options.queue(letter.queueArn);
    if (!queue) return 'it does not exist';
    const sender = typeof letter.by === 'string' ? letter.by : letter.by.service;
    if (!(await isAllowed(letter))) return `${sender} may not send to it`;
    try {
      queue.send({ body: JSON.stringify(letter.body), senderId: sender });
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
