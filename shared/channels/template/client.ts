import { CertkeepError } from '#shared/errors.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { WebhookClient } from './template.ts';

/** Only this file speaks to the service. */
export function httpWebhookClient(url: string): WebhookClient {
  return {
    async post(body) {
      const signal = deadlineSignal();
      const answer = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
        redirect: 'error',
        ...(signal && { signal }),
      });
      // The address of a webhook is a secret: no message shows it.
      if (!answer.ok) throw new CertkeepError('AlertNotSent', `webhook: ${answer.status}`);
    },
  };
}
