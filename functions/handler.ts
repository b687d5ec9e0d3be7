import { Logger } from '@aws-lambda-powertools/logger';
import middy from '@middy/core';
import type { Context } from 'aws-lambda';
import type * as z from 'zod/mini';
import { errorMessage, errorName, isCertkeepError } from '#shared/errors.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import { inEnglish } from '#shared/text/in-english.ts';
import { addMs, secondMs, systemClock } from '#shared/time/clock.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import type { Invocation } from '#shared/time/invocation.ts';
import { readEnvironment, type Variables } from './environment.ts';
import { environmentIdentity } from './environment-identity.ts';
import { type Foundation, layFoundation, type Surroundings } from './foundation.ts';

/** A function's work, once composed: it takes one event and returns what it did. */
export type Run<Event> = (event: Event, invocation: Invocation) => Promise<unknown>;

export type Compose<Event> = (foundation: Foundation) => Run<Event> | Promise<Run<Event>>;

/** The inputs that Lambda's runtime gives a function. */
export type Around = Omit<Surroundings, 'environment'> & { readonly variables: Variables };

/** Outside calls end before the platform ends the run: the remaining time is for returning its lease. */
const marginMs = 2 * secondMs;

/** Returns the Lambda handler of a stage, which uses the foundation. `example` is a payload for a person. */
export function lambdaHandler<Schema extends z.ZodMiniType>(
  name: Writer,
  event: Schema,
  compose: Compose<z.output<Schema>>,
  example?: object,
) {
  return plainHandler(
    name,
    event,
    async ({ variables, ...around }) =>
      compose(await layFoundation({ ...around, environment: readEnvironment(variables) }, name)),
    example,
  );
}

/**
 * Returns a Lambda handler that parses the event, composes once per container, and holds every outside call within the
 * run's deadline. An error is logged by name and fails the run.
 */
export function plainHandler<Schema extends z.ZodMiniType>(
  name: string,
  event: Schema,
  compose: (around: Around) => Run<z.output<Schema>> | Promise<Run<z.output<Schema>>>,
  example?: object,
) {
  const log = new Logger({ serviceName: 'certkeep' });
  let composed: Promise<Run<z.output<Schema>>> | undefined;

  async function composeOnce() {
    const { env: variables } = process;
    const clientSettings = { credentials: environmentIdentity(variables) };
    return compose({ variables, clock: systemClock, log, clientSettings });
  }

  return middy(async (input: z.output<Schema>, context: Context) => {
    composed ??= composeOnce();
    const run = await composed.catch((error) => {
      // The next invocation tries again: a warm container must not keep a failure.
      composed = undefined;
      throw error;
    });
    const leftMs = context.getRemainingTimeInMillis();
    const deadline = addMs(systemClock.now(), leftMs);
    const signal = AbortSignal.timeout(Math.max(1, leftMs - marginMs));
    const { awsRequestId: id, invokedFunctionArn: invokedArn } = context;
    return withinDeadline(signal, () => run(input, { id, deadline, invokedArn }));
  })
    .before((request) => {
      log.appendKeys({ requestId: request.context.awsRequestId });
      const { data, error } = event.safeParse(request.event, inEnglish);
      if (!error) {
        request.event = data as z.output<Schema>;
        return;
      }
      if (!example || !isByHand(request.event)) throw error;
      // A person's mistake is answered: it does not fail the run or ring an alarm.
      const refused = `Nothing was done: this is no payload that ${name} reads.`;
      log.warn('a request was refused', { stage: name, outcome: 'refused', reason: refused });
      return { refused, example };
    })
    .onError(({ error }) => {
      log.error('run failed', {
        function: name,
        stage: isCertkeepError(error) ? error.stage : null,
        outcome: errorName(error),
        reason: errorMessage(error),
      });
    });
}

/**
 * Queues and the bus wrap their events, and certkeep's own work names its kind: if an older function does not know a newer
 * release's event, its run fails, so that Lambda brings it again.
 */
const ofCertkeep = ['Records', 'detail', 'kind'];

function isByHand(event: unknown): boolean {
  if (typeof event !== 'object' || event === null) return true;
  return !ofCertkeep.some((name) => name in event);
}
