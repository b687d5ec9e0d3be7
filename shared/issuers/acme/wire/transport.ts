import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import { readStart } from '#shared/http/read-bounded.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, signalWithin } from '#shared/time/deadline.ts';
import { userAgent } from '#shared/user-agent.ts';
import { decoded } from './content-coding.ts';
import { onHost } from './pinned-url.ts';

export type HttpAnswer = {
  readonly status: number;
  /** Lower-case names. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** To a request that was sent again, as a kept connection broke: the CA may know it already. */
  readonly isToRepetition?: true;
};

export type Transport = {
  /** A POST when there is a body, else a GET unless told. Any status is an answer; no redirect is followed. */
  send(url: string, body?: string, method?: 'HEAD'): Promise<HttpAnswer>;
};

export type TransportOptions = {
  readonly directoryUrl: string;
  /** PEM roots to trust instead of the public ones. */
  readonly caBundle?: string | undefined;
  readonly clock: Clock;
  /** For one request, in real time: sockets know no other. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
};

/** Longer idle connections are not trusted: a frozen Lambda does not see them being closed. */
const maxIdleMs = 30 * secondMs;

/**
 * HTTPS to one CA over one kept connection. The CA names the URLs that are asked next, so they are
 * hostile until they are on the directory's own host.
 */
export function acmeTransport(options: TransportOptions): Transport {
  const { host } = new URL(options.directoryUrl);
  const { caBundle: ca, clock, timeoutMs = 20 * secondMs, maxBytes = 1 << 20 } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: 1, ...(ca ? { ca } : {}) });
  let lastUsedMs = 0;

  return {
    async send(url, body, method) {
      const target = onHost(url, host);
      if (clock.now().getTime() - lastUsedMs > maxIdleMs) dropIdle(agent);
      try {
        return await exchangeTwice(target);
      } catch (error) {
        // The caller's own deadline is no failure of the CA.
        deadlineSignal()?.throwIfAborted();
        throw isCertkeepError(error) ? error : unreachable(target, error);
      } finally {
        lastUsedMs = clock.now().getTime();
      }

      async function exchangeTwice(url: URL): Promise<HttpAnswer> {
        const signal = signalWithin(timeoutMs);
        const once = () => exchange(url, body, { agent, signal, maxBytes, method });
        return once().catch((error) => {
          // A kept connection closed by the CA in the same moment, or one that broke under a GET. Should the CA
          // have read a POST before, the nonce is used up and the repetition refused.
          if (!(error instanceof BrokenConnection)) throw error;
          return once().then((answer) => ({ ...answer, isToRepetition: true as const }));
        });
      }
    },
  };
}

/** Under a request that may be sent again. */
class BrokenConnection extends Error {}

type Exchange = {
  readonly agent: Agent;
  readonly signal: AbortSignal;
  readonly maxBytes: number;
  readonly method: 'HEAD' | undefined;
};

function exchange(
  url: URL,
  body: string | undefined,
  { agent, signal, maxBytes, method }: Exchange,
): Promise<HttpAnswer> {
  return new Promise((resolve, reject) => {
    signal.throwIfAborted();
    const outgoing = request(url, {
      agent,
      method: method ?? (body === undefined ? 'GET' : 'POST'),
      headers: headersOf(body),
    });
    const abort = () => outgoing.destroy(signal.reason);
    signal.addEventListener('abort', abort, { once: true });
    outgoing.on('close', () => signal.removeEventListener('abort', abort));
    outgoing.on('error', (error) => {
      const mayRepeat = outgoing.reusedSocket || body === undefined;
      const isBroken = ['ECONNRESET', 'EPIPE'].includes(errorName(error)) && !signal.aborted;
      reject(isBroken && mayRepeat ? new BrokenConnection(error.message, { cause: error }) : error);
    });
    outgoing.on('response', (incoming) => {
      read(incoming, maxBytes)
        .then(resolve, (error) => reject(signal.aborted ? signal.reason : error))
        .finally(() => signal.removeEventListener('abort', abort));
    });
    outgoing.end(body);
  });
}

function headersOf(body: string | undefined): Record<string, string | number> {
  // RFC 9110 §12.5.3: without it a server may choose any coding.
  const always = {
    'user-agent': userAgent,
    'accept-language': 'en',
    'accept-encoding': 'identity',
  };
  if (body === undefined) return always;
  return {
    ...always,
    'content-type': 'application/jose+json',
    'content-length': Buffer.byteLength(body),
  };
}

async function read(incoming: IncomingMessage, maxBytes: number): Promise<HttpAnswer> {
  const { bytes, isWhole } = await readStart(incoming, maxBytes);
  if (!isWhole) {
    throw new CertkeepError('IssuerAnswerInvalid', `the CA sent more than ${maxBytes} bytes`);
  }
  const body = await decoded(bytes, incoming.headers['content-encoding'], maxBytes);
  return {
    status: incoming.statusCode ?? 0,
    headers: Object.fromEntries(
      Object.entries(incoming.headers).flatMap(([name, value]) =>
        typeof value === 'string' ? [[name, value]] : [],
      ),
    ),
    body: body.toString(),
  };
}

function dropIdle(agent: Agent): void {
  for (const sockets of Object.values(agent.freeSockets)) {
    for (const socket of sockets ?? []) socket.destroy();
  }
}

function unreachable(url: URL, error: unknown): CertkeepError {
  const message = cleanText(`${url.origin}${url.pathname}: ${whyUnanswered(error)}`);
  return new CertkeepError('IssuerUnreachable', message, { cause: error });
}
