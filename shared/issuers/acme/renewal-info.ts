import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { RenewalInfo } from '../issuer.ts';
import { parse } from './answers.ts';
import type { Reader } from './client.ts';
import { parseRetryAfter } from './wire/retry-after.ts';

/** RFC 3339, with or without an offset. */
const instant = z.iso.datetime({ offset: true });

const schema = z.looseObject({
  suggestedWindow: z.looseObject({ start: instant, end: instant }),
  explanationURL: z.optional(z.string()),
});

/** The link appears in messages, where people open it. */
function webPage(url: string | undefined): string | null {
  const { href, protocol } = URL.parse(url ?? '') ?? {};
  return href && protocol === 'https:' ? cleanText(href, 500) : null;
}

/** RFC 9773 §4.1: asks without an account. Null for a CA without renewal information. */
export async function askRenewalInfo(
  { directory, get }: Reader,
  renewalId: string,
  clock: Clock,
): Promise<RenewalInfo | null> {
  const { renewalInfo: base } = await directory();
  if (base === undefined) return null;
  const { data, headers } = await get(`${base.replace(/\/$/, '')}/${renewalId}`);
  const { suggestedWindow, explanationURL } = parse(schema, data, 'renewal information');
  const start = new Date(suggestedWindow.start);
  const end = new Date(suggestedWindow.end);
  // Another offset may produce a year of five digits, which no record holds (RFC 3339 §1).
  if (end.getUTCFullYear() > 9_999) {
    throw new CertkeepError('IssuerAnswerInvalid', 'the CA suggests a window after the year 9999');
  }
  if (end <= start) {
    throw new CertkeepError(
      'IssuerAnswerInvalid',
      `the CA suggests a window that ends (${suggestedWindow.end}) before it begins`,
    );
  }
  return {
    start,
    end,
    explanationUrl: webPage(explanationURL),
    retryAfter: parseRetryAfter(headers['retry-after'], clock.now()),
  };
}
