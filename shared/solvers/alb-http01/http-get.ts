import { request } from 'node:http';
import { answerTo } from '#shared/http/answer-to.ts';
import { readStart } from '#shared/http/read-bounded.ts';
import { secondMs } from '#shared/time/clock.ts';
import { signalWithin } from '#shared/time/deadline.ts';
import type { HttpGet } from './self-check.ts';

/** Sockets know real time only. */
const timeoutMs = 5 * secondMs;
/** A key authorization has about 90 characters. */
const longestBody = 1_024;

/** One connection for each question, as CAs ask; no redirect is followed. */
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
