import { request } from 'node:http';
import { answerTo } from '#shared/http/answer-to.ts';
import { readStart } from '#shared/http/read-bounded.ts';
import { secondMs } from '#shared/time/clock.ts';
import { signalWithin } from '#shared/time/deadline.ts';
import type { HttpGet } from './self-check.ts';

/** This timeout runs in real time, since sockets know no virtual clock. */
const timeoutMs = 5 * secondMs;
/** A key authorization has about 90 characters. */
const longestBody = 1_024;

/** Opens one connection per question, as CAs do; follows no redirect. */
export const httpGet: HttpGet = async ({ address, port, host, path }) => {
  const asking = request({
    host: address,
    port,
    path,
    headers: { host, 'user-agent': 'certkeep' },
    agent: false,
    signal: signalWithin(timeoutMs),
  });
  const answer = await answerTo(asking);
  const { bytes } = await readStart(answer, longestBody);
  return { status: answer.statusCode ?? 0, body: bytes.toString('latin1') };
};
