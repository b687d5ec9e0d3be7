import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Channel } from '../channel.ts';

export type WebhookClient = {
  post(body: { readonly title: string; readonly text: string }): Promise<void>;
};

/** Turns a message into the service's form, and every failure into the one error that alert knows. */
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
