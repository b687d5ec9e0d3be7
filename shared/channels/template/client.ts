import { CertkeepError } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import type { WebhookClient } from './template.ts';

/** Only this file speaks to the service. */
export function httpWebhookClient(url: string): WebhookClient {
  return {
    async post(body) {
      const answer = await fetchText(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
      // The address of a webhook is a secret: no message shows it.
      if (!answer.isOk) throw new CertkeepError('AlertNotSent', `webhook: ${answer.status}`);
    },
  };
}
