import type { IncomingMessage } from 'node:http';
import { Agent, request } from 'node:https';
import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import { readStart } from '#shared/http/read-bounded.ts';
import { userAgent } from '#shared/http/user-agent.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, signalWithin } from '#shared/time/deadline.ts';
import { decoded } from './content-coding.ts';
import { onHost } from './pinned-url.ts';

export type HttpAnswer = {
  readonly status: number;
  /** Names are in lower case. */
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
  /** The request was repeated because a kept connection broke, so the CA may already know it. */
  readonly isToRepetition?: true;
};

export type Transport = {
  /** Sends a POST when there is a body, otherwise a GET, or the given method. Any status is an answer; no redirect is followed. */
  send(url: string, body?: string, method?: 'HEAD'): Promise<HttpAnswer>;
};

export type TransportOptions = {
  readonly directoryUrl: string;
  /** PEM roots to trust instead of the public ones. */
  readonly caBundle?: string | undefined;
  readonly clock: Clock;
  /** The timeout of one request in real time, since sockets know no virtual clock. */
  readonly timeoutMs?: number;
  readonly maxBytes?: number;
};

/** One certificate needs one. A run works on many, whose requests come at the same time. */
const mostKept = 8;
/** A connection idle for longer is not used: a frozen Lambda does not notice that it was closed. */
const maxIdleMs = 30 * secondMs;

/**
 * HTTPS to one CA over kept connections: one, where the requests come one after the other. The CA names the URLs of later requests, so they are untrusted unless they are
 * on the directory's own host.
 */
export function acmeTransport(options: TransportOptions): Transport {
  const { host } = new URL(options.directoryUrl);
  const { caBundle: ca, clock, timeoutMs = 20 * secondMs, maxBytes = 1 << 20 } = options;
  const agent = new Agent({ keepAlive: true, maxFreeSockets: mostKept, ...(ca ? { ca } : {}) });
  let lastUsedMs = 0;

  return {
    async send(url, body, method) {
      const target = onHost(url, host);
      if (clock.now().getTime() - lastUsedMs > maxIdleMs) dropIdle(agent);
      try {
        return await exchangeTwice(target);
      } catch (error) {
        // When the caller's own deadline has passed, the CA did not fail.
        deadlineSignal()?.throwIfAborted();
        throw isCertkeepError(error) ? error : unreachable(target, error);
      } finally {
        lastUsedMs = clock.now().getTime();
      }

      async function exchangeTwice(url: URL): Promise<HttpAnswer> {
        const signal = signalWithin(timeoutMs);
        const once = () => exchange(url, body, { agent, signal, maxBytes, method });
        return once().catch((error) => {
          // Either the CA closed a kept connection at the same moment, or it broke during a GET. If the CA has already read
          // a POST, the nonce is used and the CA refuses the repetition.
          if (!(error instanceof BrokenConnection)) throw error;
          return once().then((answer) => ({ ...answer, isToRepetition: true as const }));
        });
      }
    },
  };
}

/** The connection broke during a request that may be repeated. */
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
  // RFC 9110 §12.5.3: without this header a server may choose any coding.
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
