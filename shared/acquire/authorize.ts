import { CertkeepError, type ErrorName, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Attempt, TxtIntent } from '#shared/ledger/record.ts';
import type { Acquisition } from './attempt.ts';
import { countFailures } from './budgets/spend.ts';
import { removeTxt } from './clean-up.ts';
import { challengeName, valueName } from './dns/challenge-name.ts';
import type { Authorization, Challenge, Order, Problem } from './issuers/issuer.ts';
import { keepIfPossible } from './keep.ts';
import { pollOrder } from './order.ts';
import { publish } from './publish.ts';
import { type ChallengeType, isChallengeType } from './solvers/challenges.ts';
import type { ChallengeValue } from './solvers/solver.ts';
import type { ChosenSolver } from './solvers/solvers.ts';

type Pending = { readonly challenge: Challenge; readonly intent: TxtIntent };

/** After these the next run goes on with the same order, which the CA may be looking at: its values stay meanwhile. */
const resumable: readonly ErrorName[] = [
  'OrderTimedOut',
  'DnsChangeTimedOut',
  'DnsServiceUnreachable',
  'DnsRateLimited',
  'IssuerUnreachable',
  'IssuerRateLimited',
  'IssuerRefused',
  'IssuerAnswerInvalid',
];

/**
 * Brings the order from pending to ready: publishes every challenge value, waits until they can be seen
 * everywhere, answers the challenges, and takes the values away once the order is decided.
 * Authorizations that are already valid are taken as they are.
 */
export async function authorizeOrder(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
): Promise<Order> {
  const decided = await prove(acquisition, attempt, order).catch(async (error) => {
    const explained = await explain(acquisition, attempt, order, error);
    if (!goesOn(explained)) await cleanUp();
    throw explained;
  });
  await cleanUp();
  return decided;

  function cleanUp() {
    return removeTxt(acquisition, (intent) => intent.attemptId === attempt.id);
  }
}

/** What certkeep has no name for ends a run, not the order: a CA may be looking at the values. */
function goesOn(error: unknown): boolean {
  return !isCertkeepError(error) || resumable.includes(error.name);
}

async function prove(acquisition: Acquisition, attempt: Attempt, order: Order): Promise<Order> {
  if (order.status !== 'pending') return pollOrder(acquisition, order, []);
  const pending = await pendingChallenges(acquisition, attempt, order);
  if (pending.length > 0) {
    const intents = pending.map(({ intent }) => intent);
    await publish(acquisition, attempt, intents);
  }
  let retryAfter = order.retryAfter;
  for (const { challenge } of pending) {
    if (challenge.status !== 'pending') continue;
    retryAfter = (await acquisition.issuer.answer(challenge.url)).retryAfter;
  }
  return pollOrder(acquisition, { ...order, retryAfter }, ['pending']);
}

async function pendingChallenges(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
): Promise<readonly Pending[]> {
  const pending: Pending[] = [];
  // One after the other: a CA limits how fast nonces are taken (Let's Encrypt: burst 10).
  for (const url of order.authorizationUrls) {
    const authorization = await acquisition.issuer.authorization(url);
    if (authorization.status === 'valid') continue;
    if (over.includes(authorization.status)) throw undecidable(authorization);
    refuseForeign(authorization, attempt);
    const planned = await plan(acquisition, attempt, authorization);
    // RFC 8555 §7.1.6: it takes its authorization with it, at once or when the CA comes to it.
    if (planned.challenge.status === 'invalid') throw undecidable(authorization);
    pending.push(planned);
  }
  return pending;
}

/**
 * A CA has certkeep prove control of nothing but what was ordered, or of what stands above it: there need be
 * no authorization for each name (RFC 8555 §7.1.3).
 */
function refuseForeign({ name }: Authorization, { names }: Attempt): void {
  const asked = `.${withoutWildcard(name)}`;
  if (names.some((ordered) => `.${withoutWildcard(ordered)}`.endsWith(asked))) return;
  const message = `the CA asks for an authorization of ${name}, which was not ordered`;
  throw new CertkeepError('IssuerAnswerInvalid', message);
}

function withoutWildcard(name: string): string {
  return name.replace(/^\*\./, '');
}

/** RFC 8555 §7.1.6: no answer changes these any more. CAs have states of their own besides. */
const over = ['invalid', 'expired', 'deactivated', 'revoked'];

function undecidable({ name, challenges, status: own }: Authorization): CertkeepError {
  const status = over.includes(own) ? own : `${own} with an invalid challenge`;
  const problem = challenges.find((challenge) => challenge.problem)?.problem;
  const why = problem ? `: ${problem.message}` : '';
  return new CertkeepError('OrderInvalid', `the authorization of ${name} is ${status}${why}`, {
    cause: problem ?? undefined,
  });
}

async function plan(
  acquisition: Acquisition,
  attempt: Attempt,
  authorization: Authorization,
): Promise<Pending> {
  const { name: proven, challenges } = authorization;
  const offered = challenges.map(({ type }) => type).filter(isChallengeType);
  const unsupported = () =>
    new CertkeepError(
      'ChallengeUnsupported',
      `${proven}: the CA offers no dns-01 and no http-01 challenge`,
    );
  if (offered.length === 0) throw unsupported();
  const chosen = solverFor(acquisition, proven, offered);
  const challenge = challenges.find(({ type }) => type === chosen.challenge);
  if (!challenge) throw unsupported();
  const { name, value } = await wantedBy(acquisition, proven, challenge, chosen);
  const { zoneId } = await chosen.solver.zoneFor(name);
  return {
    challenge,
    intent: { attemptId: attempt.id, solver: chosen.key, zoneId, name, value },
  };
}

/** That no solver answers what this CA offers is told from there being no solver at all. */
function solverFor(
  { solvers }: Acquisition,
  name: string,
  offered: readonly ChallengeType[],
): ChosenSolver {
  try {
    return solvers.forName(name, offered);
  } catch (error) {
    if (!isCertkeepError(error, 'SolverMissing')) throw error;
    const { challenge } = solvers.forName(name);
    const message = `${name}: the CA offers ${offered.join(', ')} only, and the solver for it answers ${challenge}`;
    throw new CertkeepError('ChallengeUnsupported', message, { cause: error });
  }
}

/** What the CA looks for, and at which name. */
async function wantedBy(
  { dns }: Acquisition,
  proven: string,
  challenge: Challenge,
  { challenge: kind, cnameStrategy }: ChosenSolver,
): Promise<ChallengeValue> {
  if (kind === 'http-01') return { name: proven, value: challenge.keyAuthorization };
  const name = await valueName(challengeName(proven), cnameStrategy, dns);
  return { name, value: challenge.keyAuthorizationDigest };
}

/** More tell a person nothing new, and a CA may send a lot. */
const namedProblems = 10;

/** An invalid order says little; the authorization that failed says why. */
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

async function problemsOf({ issuer }: Acquisition, order: Order): Promise<readonly NameProblem[]> {
  const problems: NameProblem[] = [];
  for (const url of order.authorizationUrls) {
    const { name, challenges } = await issuer.authorization(url);
    const problem = challenges.find((challenge) => challenge.problem)?.problem;
    if (problem) problems.push({ name, problem });
  }
  return problems;
}
