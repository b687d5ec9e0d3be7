import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CertkeepError } from '#shared/errors.ts';
import { answerTo } from '#shared/http/answer-to.ts';
import { AnswerTooLarge, readBounded } from '#shared/http/read-bounded.ts';
import { userAgent } from '#shared/http/user-agent.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, signalWithin } from '#shared/time/deadline.ts';
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
  const signal = signalWithin(timeoutMs);
  try {
    const { mostBytes } = source;
    const lookup = isTrusted ? {} : { lookup: lookupExcept(isRefused) };
    return await get(target, { signal, mostBytes, ...lookup });
  } catch (error) {
    // When the caller's own deadline has passed, the server did not fail.
    deadlineSignal()?.throwIfAborted();
    const cause = signal.aborted ? signal.reason : error;
    throw unavailable(url, whyUnanswered(cause), cause);
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

async function get(url: URL, { mostBytes, ...options }: Get): Promise<Buffer> {
  const { request } = url.protocol === 'https:' ? https : http;
  const asking = request(url, { ...options, agent: false, headers: { 'user-agent': userAgent } });
  try {
    const answer = await answerTo(asking);
    if (answer.statusCode !== 200) throw new Error(`answered ${answer.statusCode}`);
    const announced = Number(answer.headers['content-length'] ?? 0);
    if (announced > mostBytes) throw new AnswerTooLarge(mostBytes);
    return await readBounded(answer, mostBytes);
  } finally {
    asking.destroy();
  }
}

function unavailable(url: string, why: string, cause?: unknown): CertkeepError {
  const message = `${cleanText(url.replace(/\/\/[^/@]*@/, '//…@'), 300)}: ${why}`;
  return new CertkeepError('RevocationListUnavailable', message, { cause });
}
