import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { secondMs } from '#shared/time/clock.ts';
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

/** The timeout of one request in real time, since sockets know no virtual clock. */
const timeoutMs = 20 * secondMs;
const mostBytes = 1 << 22;

/**
 * Sends one POST to a JSON API. It follows no redirect and limits the size of the answer.
 * @throws CertkeepError DnsServiceUnreachable where no JSON object comes back
 */
export async function postJson({ url, headers, body }: JsonRequest): Promise<JsonAnswer> {
  try {
    const timeout = AbortSignal.timeout(timeoutMs);
    const deadline = deadlineSignal();
    const response = await fetch(url, {
      method: 'POST',
      headers,
      redirect: 'error',
      signal: deadline ? AbortSignal.any([timeout, deadline]) : timeout,
      ...(body !== undefined && { body }),
    });
    return { status: response.status, body: asObject(JSON.parse(await textOf(response))) };
  } catch (cause) {
    deadlineSignal()?.throwIfAborted();
    throw unreachable(url.host, cause);
  }
}

/** The error does not quote the answer, which may be anything. */
export function unreachable(host: string, cause: unknown): CertkeepError {
  const name = errorName(cause);
  const why =
    name === 'TimeoutError'
      ? 'no answer in time'
      : name === 'SyntaxError'
        ? 'the answer is not JSON'
        : reasonOf(cause);
  return new CertkeepError('DnsServiceUnreachable', `${host}: ${why}`, { cause });
}

/** fetch hides the reason behind `fetch failed`. */
function reasonOf(error: unknown): string {
  const inner = error instanceof Error ? error.cause : undefined;
  return inner instanceof Error ? reasonOf(inner) : errorMessage(error);
}

async function textOf(response: Response): Promise<string> {
  const decoder = new TextDecoder();
  let bytes = 0;
  let text = '';
  for await (const chunk of (response.body ?? []) as AsyncIterable<Uint8Array>) {
    bytes += chunk.length;
    if (bytes > mostBytes) throw new Error(`more than ${mostBytes} bytes`);
    text += decoder.decode(chunk, { stream: true });
  }
  return text;
}

function asObject(value: unknown): Readonly<Record<string, unknown>> {
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return value as Readonly<Record<string, unknown>>;
  }
  throw new Error('the answer is not a JSON object');
}
