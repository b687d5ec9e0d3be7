import { type IncomingMessage, request } from 'node:http';
import { secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import type { HttpGet } from './self-check.ts';

/** This timeout runs in real time, since sockets know no virtual clock. */
const timeoutMs = 5 * secondMs;
/** A key authorization has about 90 characters. */
const longestBody = 1_024;

/** Opens one connection per question, as CAs do; follows no redirect. */
export const httpGet: HttpGet = async ({ address, port, host, path }) => {
  const deadline = deadlineSignal();
  const own = AbortSignal.timeout(timeoutMs);
  const response = await new Promise<IncomingMessage>((resolve, reject) => {
    const asking = request({
      host: address,
      port,
      path,
      headers: { host, 'user-agent': 'certkeep' },
      agent: false,
      signal: deadline ? AbortSignal.any([own, deadline]) : own,
    });
    asking.once('response', resolve).once('error', reject).end();
  });
  const parts: Buffer[] = [];
  let length = 0;
  for await (const part of response as AsyncIterable<Buffer>) {
    parts.push(part);
    length += part.length;
    if (length > longestBody) break;
  }
  return {
    status: response.statusCode ?? 0,
    body: Buffer.concat(parts).subarray(0, longestBody).toString('latin1'),
  };
};
