import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { userAgent } from '#shared/user-agent.ts';
import { lookupExcept, refusedFor } from './addresses.ts';

/** In real time: sockets know no other. */
const timeoutMs = 20 * secondMs;

/** How far the CA is trusted whose certificate names the address. */
export type ListSource = {
  /** The host of the CA's directory, which the configuration names: it may be this machine, at any port. */
  readonly trustedHost: string;
  /** Whether its lists may lie in a private network, and at any port. */
  readonly isPrivateCa: boolean;
  readonly mostBytes: number;
};

/**
 * The bytes at an address that stands in a certificate. Signed as what is found there is, plain HTTP is
 * usual.
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
    // The caller's own deadline is no failure of theirs.
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
  // Empty for the usual one of the scheme. What listens at others was not put there for strangers to read.
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
