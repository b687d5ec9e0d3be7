import { type CaaRequest, caaProblem, relevantCaa } from '#shared/dns/caa.ts';
import { challengeName, cnameProblem, valueName } from '#shared/dns/challenge-name.ts';
import { delegationProblem } from '#shared/dns/delegation.ts';
import { type DnsClient, remembering } from '#shared/dns/dns-client.ts';
import { publicZoneOf } from '#shared/dns/public-zone.ts';
import { CertkeepError, type ErrorName } from '#shared/errors.ts';
import { isPublicCa, knownDirectory } from '#shared/issuers/acme/directories.ts';
import type { AboutIssuer } from '#shared/issuers/issuer.ts';
import type { Attempt } from '#shared/ledger/record/record.ts';
import { usuallyOffered } from '#shared/solvers/challenge-type.ts';
import type { ChosenSolver } from '#shared/solvers/solvers.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import type { Acquisition } from '../acquisition.ts';
import { namesChecked } from '../attempt.ts';
import { hasNoTime, isOver, keepNotes, type Notes, notesOf, stopIfOver } from '../progress.ts';

type Problem = {
  readonly error: ErrorName;
  readonly text: string;
  /** Another reading of the same records would find no problem: the CA is asked, and decides. */
  readonly isGuess?: true;
};

/** One try in this many asks the CA all the same: CAs may see other DNS records than certkeep. */
const preflightTries = 4;

/** Says whether it is time to ask the CA despite the problems that certkeep sees. */
export function overridesPreflight(failures: number): boolean {
  return failures % preflightTries === preflightTries - 1;
}

/** A name needs about ten questions: resolvers limit how many one client may ask at once. */
const [fewestAtOnce, mostAtOnce] = [2, 10];
/** A group that takes longer is followed by a smaller one, so that any run finishes some. */
const longGroupMs = 10 * secondMs;

/**
 * Finds reasons why validation would certainly fail, before anything is ordered: CAs count failed validations. Where DNS
 * does not answer it finds nothing.
 * @throws CertkeepError CaaForbids, ZoneNotDelegated, ChallengeCnameUnusable, NameWithoutAddress, ZoneNotFound,
 * SolverMissing, RunOutOfTime
 */
export async function runPreflight(acquisition: Acquisition, attempt: Attempt): Promise<void> {
  const { certificate, failures, issuerConfig, log } = acquisition;
  // Such a CA has already approved the names and reads no DNS.
  if (knownDirectory(issuerConfig.directory)?.preApproved) return;
  const notes = notesOf(acquisition);
  const problems = await problemsOf(acquisition, attempt, notes).catch(async (error) => {
    if (hasNoTime(error)) await keepNotes(acquisition, notes);
    throw error;
  });
  const first = problems.find(isCertain) ?? problems[0];
  if (!first) return;
  // DNS records, and the CA's own names in CAA, were written by others.
  const texts = cleanText([...new Set(problems.map(({ text }) => text))].join('; '), 3_000);
  if (isCertain(first) && !overridesPreflight(failures))
    throw new CertkeepError(first.error, texts);
  log.warn('the CA is asked although it is likely to refuse', {
    stage: 'issue',
    certificate: certificate.id,
    outcome: first.error,
    reason: texts,
  });
}

function isCertain({ isGuess }: Problem): boolean {
  return !isGuess;
}

/**
 * Checks the names that no earlier run has checked; at the end of the run it returns what was found so far.
 * @throws CertkeepError RunOutOfTime where nothing certain was found, and some names were not checked
 */
async function problemsOf(
  acquisition: Acquisition,
  attempt: Attempt,
  notes: Notes,
): Promise<readonly Problem[]> {
  const { clock, issuer } = acquisition;
  const dns = remembering(acquisition.dns);
  const about = await issuer.about();
  const problems: Problem[] = [];
  const { names, checked = 0 } = attempt;
  let size = fewestAtOnce;
  for (let at = checked; at < names.length; ) {
    if (problems.some(isCertain) && isOver(acquisition)) break;
    stopIfOver(acquisition);
    const began = clock.now();
    const group = names.slice(at, at + size);
    const found = await Promise.all(
      group.map((name) => problemsWith(acquisition, name, { about, dns })),
    );
    problems.push(...found.flat());
    at += group.length;
    const isLong = clock.now() >= addMs(began, longGroupMs);
    size = isLong ? Math.ceil(size / 2) : Math.min(size * 2, mostAtOnce);
    const seen = at;
    if (!problems.some(isCertain)) {
      await notes.add((record) => namesChecked(record, attempt.id, seen));
    }
  }
  return problems;
}

type Known = { readonly about: AboutIssuer; readonly dns: DnsClient };

async function problemsWith(
  { issuerConfig, solvers }: Acquisition,
  name: string,
  { about, dns }: Known,
): Promise<readonly Problem[]> {
  const { directory } = issuerConfig;
  const { caaParameters: readsParameters = false } = knownDirectory(directory) ?? {};
  const chosen = solvers.forName(name, usuallyOffered(name));
  const found = await Promise.all([
    caaProblemOf(name, chosen, { ...about, readsParameters }, dns),
    chosen.challenge === 'dns-01'
      ? valueProblem(name, chosen, { dns, asksPublicDns: isPublicCa(directory) })
      : addressProblem(name, dns),
  ]);
  return found.filter((problem) => problem !== null);
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

/** A CA resolves the name itself, wherever the listener is. */
async function addressProblem(name: string, dns: DnsClient): Promise<Problem | null> {
  const found = await dns.addresses(name);
  if (!found.answered || found.records.length > 0) return null;
  return {
    error: 'NameWithoutAddress',
    text: `${name} has no address, so that no CA can ask it over HTTP`,
  };
}

/** Checks that a value can be put where the CA looks, and would be seen there. */
async function valueProblem(
  name: string,
  { cnameStrategy, solver }: ChosenSolver,
  { dns, asksPublicDns }: { readonly dns: DnsClient; readonly asksPublicDns: boolean },
): Promise<Problem | null> {
  const own = challengeName(name);
  const cname = cnameStrategy === 'none' ? await cnameProblem(own, dns) : null;
  if (cname) return { error: 'ChallengeCnameUnusable', text: cname };
  const at = await valueName(own, cnameStrategy, dns);
  const zone = await solver.zoneFor(at);
  if (zone.name === null) return null;
  const nameServers = await solver.nameServers(zone.zoneId);
  const why = await delegationProblem(at, { name: zone.name, nameServers }, dns);
  if (!why) return null;
  // A private CA may see zones that public DNS does not know.
  const isGuess = !asksPublicDns && (await publicZoneOf(at, dns)).kind === 'none';
  return { error: 'ZoneNotDelegated', text: why, ...(isGuess && { isGuess }) };
}
