import { NodeHttpHandler } from '@smithy/node-http-handler';
import { secondMs } from '#shared/time/clock.ts';

/** Functions that people ask may run for 150 s; Lambda answers when a run has ended. */
const longestAnswerMs = 170 * secondMs;
const connectionTimeoutMs = 3 * secondMs;

/** Connections on which a client of Lambda waits for a run to end. */
export function longAnswers(): NodeHttpHandler {
  return new NodeHttpHandler({
    connectionTimeout: connectionTimeoutMs,
    requestTimeout: longestAnswerMs,
    throwOnRequestTimeout: true,
    socketTimeout: longestAnswerMs,
  });
}
