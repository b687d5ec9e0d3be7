import { randomUUID } from 'node:crypto';
import { type Clock, minuteMs, secondMs } from '#shared/clock.ts';
import type { DeployedFunction, EventInvokeConfig } from '../services/lambda/state.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { InvocationError, InvocationResult } from './invoker.ts';
import type { Work, WorkSource } from './work.ts';

/** An asynchronous invocation that Lambda gave up on. */
export type DeadEvent = {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: InvocationError;
};

export type AsyncInvocations = WorkSource & {
  add(deployed: DeployedFunction, event: unknown): void;
  readonly dead: readonly DeadEvent[];
};

/** Lambda User Guide, "How Lambda handles errors and retries with asynchronous invocation": 1 minute, then 2. */
export const asyncRetryDelaysMs: readonly number[] = [minuteMs, 2 * minuteMs];

/** Without an EventInvokeConfig: "retries two more times", "up to 6 hours". */
const usual: EventInvokeConfig = {
  maxRetries: 2,
  maxAgeMs: 21_600 * secondMs,
  onFailureArn: null,
};

type Waiting = {
  readonly deployed: DeployedFunction;
  readonly event: unknown;
  readonly addedAtMs: number;
  readonly failures: number;
  readonly dueAtMs: number;
};

/** Lambda's own queue for events that nobody waits for: those of EventBridge, the Scheduler and `InvocationType: Event`. */
export function asyncInvocations(options: {
  readonly clock: Clock;
  readonly configOf: (functionArn: string) => EventInvokeConfig | undefined;
  readonly deadLetters: DeadLetters;
  readonly retryDelaysMs?: readonly number[];
}): AsyncInvocations {
  const { clock, retryDelaysMs = asyncRetryDelaysMs } = options;
  const dead: DeadEvent[] = [];
  let waiting: Waiting[] = [];
  const nowMs = () => clock.now().getTime();

  async function retryOrGiveUp(tried: Waiting, result: InvocationResult): Promise<void> {
    if (result.ok) return;
    const { deployed, failures } = tried;
    const config = options.configOf(deployed.arn) ?? usual;
    const dueAtMs = nowMs() + (retryDelaysMs[failures] ?? 0);
    const isTooOld = dueAtMs - tried.addedAtMs > config.maxAgeMs;
    if (failures < config.maxRetries && !isTooOld) {
      waiting.push({ ...tried, failures: failures + 1, dueAtMs });
      return;
    }
    dead.push({ functionName: deployed.name, event: tried.event, error: result.error });
    if (!config.onFailureArn) return;
    const condition = isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted';
    await options.deadLetters.send({
      queueArn: config.onFailureArn,
      by: { role: deployed.roleArn },
      body: failureRecord(tried, result.error, condition, clock.now()),
      why: `${deployed.name} failed for good`,
    });
  }

  return {
    dead,
    add(deployed, event) {
      waiting.push({ deployed, event, addedAtMs: nowMs(), failures: 0, dueAtMs: nowMs() });
    },
    async takeDue(): Promise<readonly Work[]> {
      const now = nowMs();
      const due = waiting.filter(({ dueAtMs }) => dueAtMs <= now);
      waiting = waiting.filter(({ dueAtMs }) => dueAtMs > now);
      return due.map((one) => ({
        deployed: one.deployed,
        event: one.event,
        ended: (result) => retryOrGiveUp(one, result),
      }));
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, "Example SQS invocation record". */
function failureRecord(
  { deployed, event, failures }: Waiting,
  error: InvocationError,
  condition: string,
  now: Date,
) {
  return {
    version: '1.0',
    timestamp: now.toISOString(),
    requestContext: {
      requestId: randomUUID(),
      functionArn: `${deployed.arn}:$LATEST`,
      condition,
      approximateInvokeCount: failures + 1,
    },
    requestPayload: event,
    responseContext: {
      statusCode: 200,
      executedVersion: '$LATEST',
      functionError: 'Unhandled',
    },
    responsePayload: { errorType: error.name, errorMessage: error.message },
  };
}
