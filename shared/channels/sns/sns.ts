import { CertkeepError, errorMessage } from '#shared/errors.ts';
import type { Channel } from '../channel.ts';
import type { Message } from '../message.ts';

export type SnsClientPort = {
  publish(message: {
    subject: string;
    short: string;
    text: string;
    attributes: Message['attributes'];
  }): Promise<void>;
  /** The actions that publishing needs and that alert's role does not allow. */
  deniedActions(): Promise<readonly string[]>;
};

/** SNS takes less than 100 characters on one line (API_Publish.html); printable ASCII passes every mail gateway. */
const longestSubject = 99;

export function snsChannel(client: SnsClientPort): Channel {
  return {
    async send({ subject, short, text, attributes }: Message) {
      try {
        await client.publish({ subject: snsSubject(subject), short, text, attributes });
      } catch (error) {
        throw new CertkeepError('AlertNotSent', `SNS: ${errorMessage(error)}`, { cause: error });
      }
    },
    async prove() {
      const denied = await client.deniedActions();
      if (denied.length === 0) return;
      throw new CertkeepError(
        'AlertNotSent',
        `the role of alert does not allow ${denied.join(', ')}`,
      );
    },
  };
}

function snsSubject(subject: string): string {
  const printable = subject.replace(/[^\x20-\x7e]+/g, ' ').trim();
  return printable.length <= longestSubject
    ? printable
    : `${printable.slice(0, longestSubject - 3)}...`;
}
