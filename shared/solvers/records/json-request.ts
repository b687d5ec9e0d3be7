import { CertkeepError, errorName } from '#shared/errors.ts';
import { fetchText } from '#shared/http/fetch-text.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

export type JsonRequest = {
  readonly url: URL;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type JsonAnswer = {
  readonly status: number;
  readonly body: Readonly<Record<string, unknown>>;
};

/**
 * One POST to a JSON API.
 * @throws CertkeepError DnsServiceUnreachable where no JSON object comes back
 */
export async function postJson({ url, ...request }: JsonRequest): Promise<JsonAnswer> {
  try {
    const { status, text } = await fetchText(url, { method: 'POST', ...request });
    return { status, body: asObject(JSON.parse(text)) };
  } catch (cause) {
    deadlineSignal()?.throwIfAborted();
    throw unreachable(url.host, cause);
  }
}

/** The error does not quote the answer, which may be anything. */
export function unreachable(host: string, cause: unknown): CertkeepError {
  const isNoJson = errorName(cause) === 'SyntaxError';
  const why = isNoJson ? 'the answer is not JSON' : whyUnanswered(cause);
  return new CertkeepError('DnsServiceUnreachable', `${host}: ${why}`, { cause });
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Error('the answer is not a JSON object');
}
