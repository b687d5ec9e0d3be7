import { lookup } from 'node:dns';
import http from 'node:http';
import https from 'node:https';
import { BlockList, isIP, type LookupFunction } from 'node:net';
import { secondMs } from '#shared/clock.ts';
import { deadlineSignal } from '#shared/deadline.ts';
import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { cleanText } from '../issuers/acme/problem.ts';
import { userAgent } from '../issuers/acme/user-agent.ts';

/** Let's Encrypt's parts are well under one; the whole lists of others can be large. */
const maxBytes = 10 << 20;
/** In real time: sockets know no other. */
const timeoutMs = 20 * secondMs;

/** This machine itself, where Lambda's runtime answers. Certificate authorities of one's own are elsewhere. */
const own = new BlockList();
own.addSubnet('0.0.0.0', 8);
own.addSubnet('127.0.0.0', 8);
own.addSubnet('169.254.0.0', 16);
own.addAddress('::1', 'ipv6');
own.addAddress('::', 'ipv6');
own.addSubnet('fe80::', 10, 'ipv6');

/**
 * The bytes at an address that stands in a certificate. Signed as what is found there is, plain HTTP is
 * usual. `trustedHost` may be this machine.
 * @throws CertkeepError RevocationListUnavailable
 */
export async function fetchRevocationList(url: string, trustedHost: string): Promise<Buffer> {
  const target = new URL(url);
  const host = target.hostname.replace(/^\[|\]$/g, '');
  const isTrusted = host === trustedHost;
  if (!isTrusted && isIP(host) !== 0 && isOwn(host)) throw unavailable(url, `${host} is refused`);
  const signal = AbortSignal.any([
    AbortSignal.timeout(timeoutMs),
    ...[deadlineSignal()].filter((each) => each !== undefined),
  ]);
  try {
    return await get(target, { signal, ...(isTrusted ? {} : { lookup: lookupElsewhere }) });
  } catch (error) {
    // The caller's own deadline is no failure of theirs.
    deadlineSignal()?.throwIfAborted();
    throw unavailable(url, errorMessage(error), error);
  }
}

function get(
  url: URL,
  options: { readonly signal: AbortSignal; readonly lookup?: LookupFunction },
): Promise<Buffer> {
  const { request } = url.protocol === 'https:' ? https : http;
  return new Promise((resolve, reject) => {
    const outgoing = request(url, {
      ...options,
      agent: false,
      headers: { 'user-agent': userAgent },
    });
    outgoing.on('error', reject);
    outgoing.on('response', (incoming) => {
      if (incoming.statusCode !== 200) {
        outgoing.destroy(new Error(`answered ${incoming.statusCode}`));
        return;
      }
      const chunks: Buffer[] = [];
      let bytes = 0;
      incoming.on('error', reject);
      incoming.on('data', (chunk: Buffer) => {
        bytes += chunk.length;
        if (bytes > maxBytes) outgoing.destroy(new Error(`more than ${maxBytes} bytes`));
        else chunks.push(chunk);
      });
      incoming.on('end', () => resolve(Buffer.concat(chunks)));
    });
    outgoing.end();
  });
}

/** A name may resolve to this machine as well. */
const lookupElsewhere: LookupFunction = (hostname, options, callback) => {
  lookup(hostname, options, (error, address, family) => {
    const addresses =
      typeof address === 'string' ? [address] : (address ?? []).map((each) => each.address);
    const refused = addresses.find(isOwn);
    callback(error ?? (refused ? new Error(`${refused} is refused`) : null), address, family);
  });
};

function isOwn(address: string): boolean {
  return own.check(address, isIP(address) === 6 ? 'ipv6' : 'ipv4');
}

function unavailable(url: string, why: string, cause?: unknown): CertkeepError {
  const message = `${cleanText(url, 300)}: ${why}`;
  return new CertkeepError('RevocationListUnavailable', message, { cause });
}
