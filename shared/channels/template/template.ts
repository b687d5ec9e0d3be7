import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Channel } from '../channel.ts';

export type WebhookClient = {
  post(body: { readonly title: string; readonly text: string }): Promise<void>;
};

/** Says what the service takes of a message, and gives every failure the one name that alert knows. */
export function templateChannel(client: WebhookClient): Channel {
  return {
    async send({ subject, text }) {
      try {
        await client.post({ title: subject, text });
      } catch (cause) {
        if (isCertkeepError(cause, 'AlertNotSent')) throw cause;
        throw new CertkeepError('AlertNotSent', `webhook: ${errorName(cause)}`, { cause });
      }
    },
  };
}
