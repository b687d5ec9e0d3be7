import { Readable } from 'node:stream';
import { buffer } from 'node:stream/consumers';
import { setImmediate } from 'node:timers/promises';
import { buildQueryString, type HttpRequest, HttpResponse } from '@smithy/core/protocols';
import type { NodeHttpHandler } from '@smithy/node-http-handler';
import { withRun } from '../runtime/run-header.ts';
import { type AwsFront, withRequestId } from './front.ts';
import type { WireAnswer, WireRequest } from './protocol.ts';

type Handler = Pick<
  NodeHttpHandler,
  'metadata' | 'handle' | 'destroy' | 'updateHttpClientConfig' | 'httpHandlerConfigs'
>;

/**
 * A `requestHandler` for SDK clients that hands requests to a front in this process. Everything is as over HTTP (the bytes,
 * the signature, the rights, the faults), but for the sockets, which cost more than all the rest of a call.
 */
export function inMemoryHandler(front: AwsFront): Handler {
  return {
    metadata: { handlerProtocol: 'http/1.1' },
    async handle(request, { abortSignal } = {}) {
      const signal = abortSignal as AbortSignal | undefined;
      throwIfAborted(signal);
      const sent = await wireRequest(request);
      // As with a socket, nothing is answered in the turn in which it was asked.
      await setImmediate();
      throwIfAborted(signal);
      const answer = front.answer(sent, () => signal?.aborted === true);
      const done = await (signal ? Promise.race([answer, aborted(signal)]) : answer);
      if (!done) throw Object.assign(new Error('socket hang up'), { code: 'ECONNRESET' });
      return { response: responseOf(withRequestId(done, sent.method)) };
    },
    destroy: () => undefined,
    updateHttpClientConfig: () => undefined,
    httpHandlerConfigs: () => ({}),
  };
}

async function wireRequest(request: HttpRequest): Promise<WireRequest> {
  const { body, headers, method, path, query } = request;
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), String(value)]);
  return {
    method,
    path,
    query: new URLSearchParams(buildQueryString(query)),
    headers: withRun(Object.fromEntries(named)),
    body: await bytesOf(body),
  };
}

async function bytesOf(body: unknown): Promise<Uint8Array> {
  if (body === undefined || body === null) return Buffer.alloc(0);
  if (typeof body === 'string' || body instanceof Uint8Array) return Buffer.from(body);
  return buffer(body as Readable);
}

function responseOf({ status, headers, body }: WireAnswer): HttpResponse {
  const named = Object.entries(headers).map(([name, value]) => [name.toLowerCase(), value]);
  return new HttpResponse({
    statusCode: status,
    headers: Object.fromEntries(named),
    body: Readable.from([Buffer.from(body)]),
  });
}

function aborted(signal: AbortSignal): Promise<never> {
  return new Promise((_, reject) => {
    signal.addEventListener('abort', () => reject(abortError()), { once: true });
  });
}

function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) throw abortError();
}

function abortError(): Error {
  return Object.assign(new Error('Request aborted'), { name: 'AbortError' });
}
