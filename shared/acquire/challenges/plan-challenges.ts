import { challengeName, valueName } from '#shared/dns/challenge-name.ts';
import { CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Authorization, Challenge, Order } from '#shared/issuers/issuer.ts';
import type { Attempt, TxtIntent } from '#shared/ledger/record/record.ts';
import { type ChallengeType, isChallengeType } from '#shared/solvers/challenge-type.ts';
import type { ChallengeValue } from '#shared/solvers/solver.ts';
import type { ChosenSolver } from '#shared/solvers/solvers.ts';
import { type Acquisition, advance } from '../acquisition.ts';
import { authorizationSettled, orderExpired } from '../attempt.ts';
import { type Notes, stopIfOver } from '../progress.ts';
import { isOfAccount } from './own-values.ts';
import { withIntent } from './values.ts';

/** A value to publish, and the challenge that it answers; null where an earlier run has read it. */
export type Planned = { readonly intent: TxtIntent; readonly challenge: Challenge | null };

/** Only this many authorizations are read again where it is unknown whether their values are published. */
const fewDoubtful = 10;

/**
 * Plans the values for an order, with their intents in the ledger. Settled authorizations are skipped; an earlier run's
 * plans are used as they are.
 */
export async function planChallenges(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  notes: Notes,
): Promise<readonly Planned[]> {
  const { issuer, mine } = acquisition;
  const record = await mine.read();
  const settled = record.attempt?.id === attempt.id ? (record.attempt.settled ?? []) : [];
  const known = await plansOf(acquisition, record.txt, attempt);
  const plans: Planned[] = [];
  // One after the other: a CA limits how fast nonces are taken (Let's Encrypt: burst 10).
  for (const url of order.authorizationUrls) {
    const intent = known.get(url);
    if (settled.includes(url)) continue;
    if (intent) {
      plans.push({ intent, challenge: null });
      continue;
    }
    stopIfOver(acquisition);
    const authorization = await issuer.authorization(url);
    if (authorization.status === 'valid') {
      await notes.add((current) => authorizationSettled(current, attempt.id, url));
      continue;
    }
    await refuseExpired(acquisition, authorization);
    refuseDecided(authorization);
    refuseForeign(authorization, attempt);
    const plan = await planned(acquisition, attempt, { url, authorization });
    plans.push(plan);
    await notes.add((current) => withIntent(current, plan.intent));
  }
  await notes.flush();
  return plans;
}

/**
 * Plans by authorization. Only values of our account count: another account's value, which somebody wrote into the record,
 * would prove our names for them.
 */
async function plansOf(
  { issuer }: Acquisition,
  txt: readonly TxtIntent[],
  { id }: Attempt,
): Promise<ReadonlyMap<string | undefined, TxtIntent>> {
  const planned = txt.filter(
    ({ attemptId, authorization, over }) => attemptId === id && authorization && !over,
  );
  if (planned.length === 0) return new Map();
  const { keyThumbprint } = await issuer.about();
  const own = planned.filter((intent) => isOfAccount(intent, keyThumbprint));
  const doubtful = own.filter(({ out }) => !out);
  const kept = own.filter(({ out }) => out || doubtful.length > fewDoubtful);
  return new Map(kept.map((intent) => [intent.authorization, intent]));
}

/**
 * A CA may only make certkeep prove control of the ordered names, or of their parents: there need not be an authorization
 * for each name (RFC 8555 §7.1.3).
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

/**
 * @throws CertkeepError OrderInvalid where no answer changes anything any more. RFC 8555 §7.1.6: an invalid challenge
 * invalidates its authorization, at once or when the CA gets to it. Some CAs have additional states.
 */
export function refuseDecided(authorization: Authorization, challenge?: Challenge): void {
  const { name, challenges, status: own } = authorization;
  const isDecided = over.includes(own);
  if (!isDecided && challenge?.status !== 'invalid') return;
  const status = isDecided ? own : `${own} with an invalid challenge`;
  const problem = challenges.find((each) => each.problem)?.problem;
  const why = problem ? `: ${problem.message}` : '';
  throw new CertkeepError('OrderInvalid', `the authorization of ${name} is ${status}${why}`, {
    cause: problem ?? undefined,
  });
}

const over = ['invalid', 'deactivated', 'revoked'];

/**
 * The order still says pending, but has ended without a failure: the next run begins with another order.
 * @throws CertkeepError OrderTimedOut
 */
export async function refuseExpired(
  acquisition: Acquisition,
  { name, status }: Authorization,
): Promise<void> {
  if (status !== 'expired') return;
  await advance(acquisition, orderExpired);
  throw new CertkeepError('OrderTimedOut', `the authorization of ${name} has expired`);
}

type Read = { readonly url: string; readonly authorization: Authorization };

async function planned(
  acquisition: Acquisition,
  attempt: Attempt,
  { url, authorization }: Read,
): Promise<Planned> {
  const { chosen, challenge } = choose(acquisition, authorization);
  const wanted = await wantedBy(acquisition, authorization.name, challenge, chosen);
  const { name } = wanted;
  const { zoneId } = await chosen.solver.zoneFor(name);
  refuseDecided(authorization, challenge);
  const intent = { attemptId: attempt.id, solver: chosen.key, zoneId, ...wanted };
  return { challenge, intent: { ...intent, authorization: url } };
}

export function choose(
  acquisition: Pick<Acquisition, 'solvers'>,
  { name, challenges }: Authorization,
): { readonly chosen: ChosenSolver; readonly challenge: Challenge } {
  const offered = challenges.map(({ type }) => type).filter(isChallengeType);
  const chosen = offered.length > 0 ? solverFor(acquisition, name, offered) : null;
  const challenge = challenges.find(({ type }) => type === chosen?.challenge);
  if (chosen && challenge) return { chosen, challenge };
  throw new CertkeepError(
    'ChallengeUnsupported',
    `${name}: the CA offers no dns-01 and no http-01 challenge`,
  );
}

/** The errors distinguish solvers that cannot answer this CA's challenges from a missing solver. */
function solverFor(
  { solvers }: Pick<Acquisition, 'solvers'>,
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

/** Returns the value that the CA expects, and the name where it looks. */
async function wantedBy(
  { dns }: Acquisition,
  proven: string,
  challenge: Challenge,
  { challenge: kind, cnameStrategy }: ChosenSolver,
): Promise<ChallengeValue & Pick<TxtIntent, 'keyAuthorization'>> {
  if (kind === 'http-01') return { name: proven, value: challenge.keyAuthorization };
  const name = await valueName(challengeName(proven), cnameStrategy, dns);
  const { keyAuthorization, keyAuthorizationDigest } = challenge;
  return { name, value: keyAuthorizationDigest, keyAuthorization };
}
