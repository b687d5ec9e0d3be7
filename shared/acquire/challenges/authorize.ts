import { CertkeepError, type ErrorName, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Order, Problem } from '#shared/issuers/issuer.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import { countFailures } from '#shared/rate-limits/spend.ts';
import { addMs } from '#shared/time/clock.ts';
import { withLastWord } from '#shared/time/deadline.ts';
import type { Acquisition } from '../acquisition.ts';
import { authorizationSettled, authorizationsSlow } from '../attempt.ts';
import { keepIfPossible } from '../keep.ts';
import { pollOrder } from '../order/order.ts';
import {
  isOver,
  keepNotes,
  type Notes,
  notesOf,
  stopIfOver,
  stopUnlessLeft,
  worthWaitingMs,
} from '../progress.ts';
import { removeTxt } from './clean-up.ts';
import {
  choose,
  type Planned,
  planChallenges,
  refuseDecided,
  refuseExpired,
} from './plan-challenges.ts';
import { publish } from './publish.ts';
import { withOver } from './values.ts';

/** After these errors the next run goes on with the same order, whose values the CA may be reading: they stay meanwhile. */
const resumable: readonly ErrorName[] = [
  'AccountKeyChanged',
  'OrderTimedOut',
  'DnsChangeTimedOut',
  'DnsServiceUnreachable',
  'DnsRateLimited',
  'IssuerUnreachable',
  'IssuerRateLimited',
  'IssuerRefused',
  'IssuerAnswerInvalid',
  'RunOutOfTime',
];

/**
 * Brings the order from pending to ready: publishes every challenge value, waits until all can be seen everywhere, and answers
 * the challenges. Each step is noted for each value, so that an order that takes longer than a run continues where the last
 * run ended. Authorizations that are already valid are used as they are. The values stay until `removeValues`, or are removed
 * where the order has failed.
 */
export async function authorizeOrder(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
): Promise<Order> {
  const notes = notesOf(acquisition);
  return prove(acquisition, attempt, order, notes).catch(async (error) => {
    const explained = await explain(acquisition, attempt, order, error);
    if (goesOn(explained)) await keepNotes(acquisition, notes);
    else await giveUp(acquisition, attempt);
    throw explained;
  });
}

/** Removes the values of a decided order. It leaves the run the time to store the certificate: the next run removes the rest. */
export function removeValues(acquisition: Acquisition, attempt: Attempt): Promise<void> {
  const waitUntil = addMs(acquisition.waitUntil, -worthWaitingMs);
  return removeTxt({ ...acquisition, waitUntil }, ({ attemptId }) => attemptId === attempt.id);
}

/** Marks values that cannot be removed now, so that check has them removed before the next try of the attempt. */
async function giveUp(acquisition: Acquisition, attempt: Attempt): Promise<void> {
  await removeValues(acquisition, attempt);
  const { mine } = acquisition;
  await keepIfPossible(acquisition, 'what is left over', () =>
    withLastWord(() => mine.update((record) => withOver(record, attempt.id))),
  );
}

/** An unknown error ends a run, but not the order: a CA may be reading the values. */
function goesOn(error: unknown): boolean {
  return !isCertkeepError(error) || resumable.includes(error.name);
}

async function prove(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  notes: Notes,
): Promise<Order> {
  if (order.status !== 'pending') return pollOrder(acquisition, order, []);
  const planned = await planChallenges(acquisition, attempt, order, notes);
  if (planned.length > 0) {
    const intents = planned.map(({ intent }) => intent);
    await publish(acquisition, intents, notes);
  }
  const answered = await answer(acquisition, attempt, { order, planned }, notes);
  if (planned.length > 0) stopUnlessLeft(acquisition, worthWaitingMs);
  return pollOrder(acquisition, answered, ['pending']).catch(async (error) => {
    if (isCertkeepError(error, 'OrderTimedOut')) {
      await notes.add((record) => authorizationsSlow(record, attempt.id));
    }
    throw error;
  });
}

type Asked = { readonly order: Order; readonly planned: readonly Planned[] };

/** Asks the CA to validate, one challenge after the other; the order then says when the CA wants to be asked again. */
async function answer(
  acquisition: Acquisition,
  attempt: Attempt,
  { order, planned }: Asked,
  notes: Notes,
): Promise<Order> {
  const { issuer } = acquisition;
  let { retryAfter } = order;
  for (const { intent, challenge: read } of planned) {
    const url = intent.authorization ?? '';
    stopIfOver(acquisition);
    const challenge = read ?? (await undecided(acquisition, url));
    if (challenge?.status === 'pending') {
      const { keyAuthorization: published = intent.value } = intent;
      retryAfter = (await issuer.answer(challenge.url, published)).retryAfter;
    }
    await notes.add((record) => authorizationSettled(record, attempt.id, url));
  }
  return { ...order, retryAfter };
}

/** Returns the challenge that an earlier run planned; null where its authorization is already valid. */
async function undecided(acquisition: Acquisition, url: string) {
  const authorization = await acquisition.issuer.authorization(url);
  if (authorization.status === 'valid') return null;
  await refuseExpired(acquisition, authorization);
  refuseDecided(authorization);
  const { challenge } = choose(acquisition, authorization);
  refuseDecided(authorization, challenge);
  return challenge;
}

/** More problems tell a person nothing new, and a CA may send many. */
const namedProblems = 10;

/** An invalid order says little; the failed authorization says why. */
async function explain(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  error: unknown,
): Promise<unknown> {
  if (!isCertkeepError(error, 'OrderInvalid')) return error;
  const problems = await knownProblems(acquisition, order);
  if (problems.length === 0) return error;
  const names = problems.map(({ name }) => name);
  await keepIfPossible(acquisition, 'what failed', () =>
    countFailures(acquisition, names, attempt.issuer),
  );
  const message = problems
    .slice(0, namedProblems)
    .map(({ name, problem }) => `${name}: ${problem.message}`)
    .join('; ');
  return new CertkeepError('OrderInvalid', message, { cause: problems[0]?.problem });
}

async function knownProblems(
  acquisition: Acquisition,
  order: Order,
): Promise<readonly NameProblem[]> {
  try {
    return await problemsOf(acquisition, order);
  } catch (unexplained) {
    acquisition.log.warn('the CA does not say why the order is invalid', {
      stage: 'issue',
      certificate: acquisition.certificate.id,
      reason: errorMessage(unexplained),
    });
    return [];
  }
}

type NameProblem = { readonly name: string; readonly problem: Problem };

/** Reads as many as the run has time for: the rest of the time is for cleaning up. */
async function problemsOf(acquisition: Acquisition, order: Order): Promise<readonly NameProblem[]> {
  const problems: NameProblem[] = [];
  for (const url of order.authorizationUrls) {
    if (problems.length > 0 && isOver(acquisition)) break;
    const { name, challenges } = await acquisition.issuer.authorization(url);
    const problem = challenges.find((challenge) => challenge.problem)?.problem;
    if (problem) problems.push({ name, problem });
  }
  return problems;
}
