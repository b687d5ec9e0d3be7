import http from 'node:http';
import https from 'node:https';
import { isIP, type LookupFunction } from 'node:net';
import { CertkeepError } from '#shared/errors.ts';
import { answerTo } from '#shared/http/answer-to.ts';
import { AnswerTooLarge, readBounded } from '#shared/http/read-bounded.ts';
import { whyUnanswered } from '#shared/http/why-unanswered.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal, signalWithin } from '#shared/time/deadline.ts';
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
  const signal = signalWithin(timeoutMs);
  try {
    const { mostBytes } = source;
    const lookup = isTrusted ? {} : { lookup: lookupExcept(isRefused) };
    return await get(target, { signal, mostBytes, ...lookup });
  } catch (error) {
    // The caller's own deadline is no failure of theirs.
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
  // Empty for the usual one of the scheme. What listens at others was not put there for strangers to read.
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
