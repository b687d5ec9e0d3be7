import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { userAgent } from '#shared/user-agent.ts';
import { lookupExcept, refusedFor } from './addresses.ts';

/** The timeout runs in real time, since sockets know no virtual clock. */
const timeoutMs = 20 * secondMs;

/** How far we trust the CA whose certificate names the address. */
export type ListSource = {
  /** The host of the CA's directory, from the configuration. It may be this machine, at any port. */
  readonly trustedHost: string;
  /** A private CA's lists may be in a private network and at any port. */
  readonly isPrivateCa: boolean;
  readonly mostBytes: number;
};

/**
 * Fetches the bytes at an address in a certificate. Plain HTTP is usual, since the list itself is signed.
 * @throws CertkeepError RevocationListUnavailable
 */
export async function fetchRevocationList(url: string, source: ListSource): Promise<Buffer> {
  const target = URL.parse(url);
  if (!target) throw unavailable(url, 'is no URL');
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const isTrusted = host === source.trustedHost;
  const isRefused = refusedFor(source);
  const refusal = isTrusted ? null : refusalOf(target, host, source, isRefused);
  if (target.username || target.password) throw unavailable(url, 'a user or password is refused');
  if (refusal) throw unavailable(url, `${refusal} is refused`);
  const signal = AbortSignal.any([
    AbortSignal.timeout(timeoutMs),
    ...[deadlineSignal()].filter((each) => each !== undefined),
  ]);
  try {
    const { mostBytes } = source;
    const lookup = isTrusted ? {} : { lookup: lookupExcept(isRefused) };
    return await get(target, { signal, mostBytes, ...lookup });
  } catch (error) {
    // When the caller's own deadline has passed, the server did not fail.
    deadlineSignal()?.throwIfAborted();
    throw unavailable(url, errorMessage(error), error);
  }
}

function refusalOf(
  { port }: URL,
  host: string,
  { isPrivateCa }: ListSource,
  isRefused: (address: string) => boolean,
): string | null {
  if (isIP(host) !== 0 && isRefused(host)) return host;
  // The port is empty where it is the scheme's default. Other ports may belong to services that strangers should not read.
  return port !== '' && !isPrivateCa ? `port ${port}` : null;
}

type Get = {
  readonly signal: AbortSignal;
  readonly mostBytes: number;
  readonly lookup?: LookupFunction;
};

function get(url: URL, { mostBytes, ...options }: Get): Promise<Buffer> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      ...options,
      agent: false,
      headers: { 'user-agent': userAgent },
    });
    const tooLarge = () => outgoing.destroy(new Error(`more than ${mostBytes} bytes`));
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode !== 200) {
        outgoing.destroy(new Error(`answered ${incoming.statusCode}`));
        return;
      }
      if (Number(incoming.headers['content-length'] ?? 0) > mostBytes) {
        tooLarge();
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > mostBytes) tooLarge();
        else chunks.push(chunk);
      });
      incoming.on('end', () => resolve(Buffer.concat(chunks)));
    });
    outgoing.end();
  });
}

function unavailable(url: string, why: string, cause?: unknown): CertkeepError {
  const message = `${cleanText(url.replace(/\/\/[^/@]*@/, '//…@'), 300)}: ${why}`;
  return new CertkeepError('RevocationListUnavailable', message, { cause });
}
