import { randomUUID } from 'node:crypto';
import { type Clock, minuteMs, secondMs } from '../clock.ts';
import type { DeployedFunction, EventInvokeConfig } from '../services/lambda/state.ts';
import type { DeadLetters } from './dead-letters.ts';
import type { FailedInvocation, InvocationError, InvocationResult } from './invocation-result.ts';
import { throttledRetryMs } from './throttling.ts';
import type { Work, WorkSource } from './work.ts';

/** An asynchronous invocation that Lambda abandoned. */
export type DeadEvent = {
  readonly functionName: string;
  readonly event: unknown;
  readonly error: InvocationError;
};

export type AsyncInvocations = WorkSource & {
  add(deployed: DeployedFunction, event: unknown, invokedArn?: string): void;
  readonly dead: readonly DeadEvent[];
};

/** Lambda User Guide, "How Lambda handles errors and retries with asynchronous invocation": 1 minute, then 2. */
const asyncRetryDelaysMs: readonly number[] = [minuteMs, 2 * minuteMs];

/** Lambda's defaults without an EventInvokeConfig: "retries two more times", "up to 6 hours". */
const usual: EventInvokeConfig = {
  maxRetries: 2,
  maxAgeMs: 21_600 * secondMs,
  onFailureArn: null,
};

type Waiting = {
  readonly deployed: DeployedFunction;
  readonly event: unknown;
  readonly invokedArn: string | undefined;
  readonly addedAtMs: number;
  /** Failures of the function itself. */
  readonly failures: number;
  /** Since it last ran. */
  readonly throttles: number;
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

  /** Throttles and failures have waits of their own, and only failures are counted: by age alone is a throttled event given up. */
  function nextTry(tried: Waiting, isThrottled: boolean): Waiting {
    const { failures, throttles } = tried;
    return isThrottled
      ? {
          ...tried,
          throttles: throttles + 1,
          dueAtMs: nowMs() + throttledRetryMs(throttles + 1),
        }
      : {
          ...tried,
          throttles: 0,
          failures: failures + 1,
          dueAtMs: nowMs() + (retryDelaysMs[failures] ?? 0),
        };
  }

  async function retryOrGiveUp(tried: Waiting, result: InvocationResult): Promise<void> {
    if (result.ok) return;
    const { deployed } = tried;
    const config = options.configOf(deployed.arn) ?? usual;
    const next = nextTry(tried, result.isThrottled ?? false);
    const isTooOld = next.dueAtMs - tried.addedAtMs > config.maxAgeMs;
    if (next.failures <= config.maxRetries && !isTooOld) return void waiting.push(next);
    dead.push({ functionName: deployed.name, event: tried.event, error: result.error });
    if (!config.onFailureArn) return;
    const condition = isTooOld ? 'EventAgeExceeded' : 'RetriesExhausted';
    await options.deadLetters.send({
      queueArn: config.onFailureArn,
      by: { role: deployed.roleArn },
      body: failureRecord(tried, result, condition, clock.now()),
      why: `${deployed.name} failed for good`,
    });
  }

  return {
    dead,
    add(deployed, event, invokedArn) {
      const now = nowMs();
      const fresh = { addedAtMs: now, failures: 0, throttles: 0, dueAtMs: now };
      waiting.push({ deployed, event, invokedArn, ...fresh });
    },
    async takeDue(): Promise<readonly Work[]> {
      const now = nowMs();
      const due = waiting.filter(({ dueAtMs }) => dueAtMs <= now);
      waiting = waiting.filter(({ dueAtMs }) => dueAtMs > now);
      return due.map((one) => ({
        deployed: one.deployed,
        event: one.event,
        invokedArn: one.invokedArn,
        ended: (result) => retryOrGiveUp(one, result),
      }));
    },
    throttledUntilMs() {
      const times = waiting.filter(({ throttles }) => throttles > 0).map(({ dueAtMs }) => dueAtMs);
      return times.length > 0 ? Math.min(...times) : null;
    },
  };
}

/** https://docs.aws.amazon.com/lambda/latest/dg/invocation-async-retain-records.html, "Example SQS invocation record". */
function failureRecord(
  { deployed, event, failures }: Waiting,
  { error, isThrottled }: FailedInvocation,
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
      approximateInvokeCount: isThrottled ? failures : failures + 1,
    },
    requestPayload: event,
    // A function that was not run has answered nothing.
    ...(isThrottled ? {} : responseOf(error)),
  };
}

function responseOf({ message, name }: InvocationError) {
  return {
    responseContext: { statusCode: 200, executedVersion: '$LATEST', functionError: 'Unhandled' },
    responsePayload: { errorType: name, errorMessage: message },
  };
}
