import { secondMs } from '#shared/time/clock.ts';
import { signalWithin } from '#shared/time/deadline.ts';
import { readBounded } from './read-bounded.ts';

/** The timeout of one request in real time, since sockets know no virtual clock. */
const timeoutMs = 20 * secondMs;
const mostBytes = 1 << 22;

export type TextRequest = {
  readonly method?: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
};

export type TextAnswer = {
  readonly status: number;
  /** 200 to 299. */
  readonly isOk: boolean;
  readonly text: string;
};

/**
 * Sends one request, which ends after 20 s or with the run. It follows no redirect and limits the size of the answer.
 * @throws what fetch throws, AnswerTooLarge, and the reason of the run's deadline
 */
export async function fetchText(url: URL | string, request: TextRequest): Promise<TextAnswer> {
  const response = await fetch(url, {
    ...request,
    redirect: 'error',
    signal: signalWithin(timeoutMs),
  });
  const { ok: isOk, status } = response;
  const bytes = await readBounded((response.body ?? []) as AsyncIterable<Uint8Array>, mostBytes);
  return { status, isOk, text: new TextDecoder().decode(bytes) };
}
