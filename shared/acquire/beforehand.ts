import { inBatches } from '#shared/each.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import type { Acquisition } from './attempt.ts';
import { type CaaRequest, caaProblem, relevantCaa } from './dns/caa.ts';
import { challengeName, cnameProblem, valueName } from './dns/challenge-name.ts';
import { delegationProblem } from './dns/delegation.ts';
import { type DnsClient, remembering } from './dns/dns-client.ts';
import { knownDirectory } from './issuers/acme/directories.ts';
import { cleanText } from './issuers/acme/problem.ts';
import type { AboutIssuer } from './issuers/issuer.ts';
import { usuallyOffered } from './solvers/challenges.ts';
import type { ChosenSolver } from './solvers/solvers.ts';

type Problem = {
  readonly error: ErrorName;
  readonly text: string;
  /** Another reading of the same records would find none: the CA is asked, and says. */
  readonly isGuess?: true;
};

/** A try in so many asks the CA all the same: what certkeep sees of DNS may differ from what CAs see. */
const believedTries = 4;

/** Whether it is time to ask the CA against what certkeep sees. */
export function isDoubted(failures: number): boolean {
  return failures % believedTries === believedTries - 1;
}

/** About ten questions a name: resolvers limit what one client may ask at once. */
const namesAtOnce = 10;

/**
 * What would make validation fail for sure, found before anything is ordered: CAs count failed validations. Where
 * DNS does not answer there is nothing to find.
 * @throws CertkeepError CaaForbids, ZoneNotDelegated, ChallengeCnameUnusable, NameWithoutAddress, ZoneNotFound, SolverMissing
 */
export async function checkBeforehand(
  acquisition: Acquisition,
  names: readonly string[],
): Promise<void> {
  const { certificate, failures, issuer, issuerConfig, log } = acquisition;
  // Such a CA has approved the names already and looks at no DNS.
  const { preApproved, caaParameters: readsParameters = false } =
    knownDirectory(issuerConfig.directory) ?? {};
  if (preApproved) return;
  const dns = remembering(acquisition.dns);
  const about = await issuer.about();
  const found = await inBatches(names, namesAtOnce, async (name) => {
    const chosen = acquisition.solvers.forName(name, usuallyOffered(name));
    return Promise.all([
      caaProblemOf(name, chosen, { ...about, readsParameters }, dns),
      chosen.challenge === 'dns-01' ? valueProblem(name, chosen, dns) : addressProblem(name, dns),
    ]);
  });
  const problems = found.flat().filter((problem) => problem !== null);
  const [first] = problems.toSorted((a, b) => Number(a.isGuess ?? 0) - Number(b.isGuess ?? 0));
  if (!first) return;
  // Records and what the CA calls itself were written by others.
  const texts = cleanText([...new Set(problems.map(({ text }) => text))].join('; '), 3_000);
  if (!first.isGuess && !isDoubted(failures)) throw new CertkeepError(first.error, texts);
  log.warn('the CA is asked although it is likely to refuse', {
    stage: 'issue',
    certificate: certificate.id,
    outcome: first.error,
    reason: texts,
  });
}

async function caaProblemOf(
  name: string,
  { challenge }: ChosenSolver,
  { caaIdentities, accountUrl, readsParameters }: AboutIssuer & Pick<CaaRequest, 'readsParameters'>,
  dns: DnsClient,
): Promise<Problem | null> {
  if (caaIdentities.length === 0) return null;
  const relevant = await relevantCaa(name.replace(/^\*\./, ''), dns);
  if (relevant.kind !== 'records') return null;
  const request = {
    isWildcard: name.startsWith('*.'),
    identities: caaIdentities,
    accountUrl,
    method: challenge,
    readsParameters,
  };
  const why = caaProblem(relevant.records, request);
  if (!why) return null;
  const text = `${name}: CAA at ${relevant.at}: ${why.text}`;
  return { error: 'CaaForbids', text, ...(!why.isCertain && { isGuess: true }) };
}

/** A CA follows the name itself, wherever the listener is. */
async function addressProblem(name: string, dns: DnsClient): Promise<Problem | null> {
  const found = await dns.addresses(name);
  if (!found.answered || found.records.length > 0) return null;
  return {
    error: 'NameWithoutAddress',
    text: `${name} has no address, so that no CA can ask it over HTTP`,
  };
}

/** Whether a value can be put where the CA looks, and would be seen there. */
async function valueProblem(
  name: string,
  { cnameStrategy, solver }: ChosenSolver,
  dns: DnsClient,
): Promise<Problem | null> {
  const own = challengeName(name);
  const cname = cnameStrategy === 'none' ? await cnameProblem(own, dns) : null;
  if (cname) return { error: 'ChallengeCnameUnusable', text: cname };
  const at = await valueName(own, cnameStrategy, dns);
  const zone = await solver.zoneFor(at);
  if (zone.name === null) return null;
  const nameServers = await solver.nameServers(zone.zoneId);
  const why = await delegationProblem(at, { name: zone.name, nameServers }, dns);
  return why ? { error: 'ZoneNotDelegated', text: why } : null;
}
