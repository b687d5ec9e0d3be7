import { challengeName, valueName } from '#shared/dns/challenge-name.ts';
import { delegationProblem } from '#shared/dns/delegation.ts';
import { publicZoneOf } from '#shared/dns/public-zone.ts';
import { inBatches } from '#shared/each.ts';
import { type CertkeepError, isCertkeepError } from '#shared/errors.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import type { Solver } from '#shared/solvers/solver.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { byDomain, listedNames, type ProvenName, provenNames } from '../names.ts';
import { zoneFinders } from '../zone-finders.ts';

const namesAtOnce = 4;

/** The zone that certkeep will write to holds the name, and public DNS leads there. */
export const zones: Check = {
  title: 'Zones',
  rights: ['route53:ListHostedZonesByName', 'route53:GetHostedZone'],
  questions(subject) {
    const solverFor = zoneFinders(subject);
    const names = provenNames(subject.config).filter(
      ({ solver }) => challengeOf(solver) === 'dns-01',
    );
    return byDomain(names).map(([domain, ofDomain]) => ({
      about: `the zone of ${domain}`,
      instead: `aws route53 list-hosted-zones-by-name --dns-name ${shellWord(domain)} --max-items 5`,
      ...accountOf(ofDomain),
      async ask() {
        const seen = await inBatches(ofDomain, namesAtOnce, (each) =>
          each.solver.type === 'route53'
            ? inRoute53(each, solverFor(each.solver), subject)
            : inPublic(each, subject),
        );
        return together(seen);
      },
    }));
  },
};

type Seen = { readonly name: string; readonly finding: Finding };

/** Many names of a zone are one line. */
function together(seen: readonly Seen[]): readonly Finding[] {
  return [...Map.groupBy(seen, ({ finding }) => `${finding.mark} ${finding.text}`).values()].map(
    (group) => {
      const [first] = group;
      const finding = first?.finding ?? ok('');
      const names = [...new Set(group.map(({ name }) => name))];
      return { ...finding, text: `${finding.text} (for ${listedNames(names)})` };
    },
  );
}

function accountOf(names: readonly ProvenName[]): { readonly account?: string } {
  const role = names
    .map(({ solver }) => (solver.type === 'route53' ? solver.roleArn : undefined))
    .find((each) => each !== undefined);
  const account = role?.split(':')[4];
  return account ? { account } : {};
}

async function inRoute53(
  { name, solver }: ProvenName,
  made: Promise<Solver>,
  { dns }: Pick<Subject, 'dns'>,
): Promise<Seen> {
  const finder = await made;
  const strategy = 'cnameStrategy' in solver ? solver.cnameStrategy : 'none';
  const at = await valueName(challengeName(name), strategy, dns);
  const zone = await finder.zoneFor(at).catch(unfound);
  if ('error' in zone) return { name, finding: await notThere(at, zone.error, dns) };
  const { name: zoneName, zoneId } = zone;
  if (zoneName === null) {
    return { name, finding: { mark: 'not known', text: `${zoneId} may not be described` } };
  }
  const open = await publicZoneOf(at, dns);
  if (open.kind === 'unknown') return { name, finding: silent(open.why) };
  const nameServers = await finder.nameServers(zoneId);
  const problem = await delegationProblem(at, { name: zoneName, nameServers }, dns);
  if (problem === null) {
    return { name, finding: ok(`${zoneName} (${zoneId}) is public and delegated`) };
  }
  return {
    name,
    finding: {
      mark: 'wrong',
      text: problem,
      say: 'Name these servers at your registrar, or in the zone above:',
      command: `aws route53 get-hosted-zone --id ${shellWord(zoneId)} --query DelegationSet.NameServers`,
    },
  };
}

function silent(why: string): Finding {
  return { mark: 'not known', text: `no answer of DNS: ${why}` };
}

function unfound(error: unknown): { readonly error: CertkeepError } {
  if (isCertkeepError(error, 'ZoneNotFound')) return { error };
  throw error;
}

/** Somebody else's zone is no mistake of the zone, but of the solver. */
async function notThere(at: string, error: CertkeepError, dns: Subject['dns']): Promise<Finding> {
  const open = await publicZoneOf(at, dns);
  const elsewhere = open.kind === 'zone' ? open : null;
  if (elsewhere) {
    return {
      mark: 'wrong',
      text: `${error.message}; public DNS answers for ${elsewhere.name} from ${listedNames(elsewhere.nameServers)}`,
      say: 'Use the solver of that service, or the account that has the zone (roleArn). Its servers:',
      command: `dig +short NS ${shellWord(elsewhere.name)}`,
    };
  }
  const wanted = at.split('.').slice(-2).join('.');
  return {
    mark: 'wrong',
    text: `${error.message}, and public DNS knows none`,
    command: `aws route53 create-hosted-zone --name ${shellWord(wanted)} --caller-reference certkeep-${wanted}`,
  };
}

/** What other services say of their zones shows at the first order; here it is asked whether DNS has the zone at all. */
async function inPublic(
  { name, solver }: ProvenName,
  { dns }: Pick<Subject, 'dns'>,
): Promise<Seen> {
  const strategy = 'cnameStrategy' in solver ? solver.cnameStrategy : 'none';
  const at = await valueName(challengeName(name), strategy, dns);
  const open = await publicZoneOf(at, dns);
  if (open.kind === 'unknown') return { name, finding: silent(open.why) };
  if (open.kind === 'zone') {
    const servers = listedNames(open.nameServers.toSorted());
    return { name, finding: ok(`${open.name} is delegated to ${servers} (${solver.type})`) };
  }
  return {
    name,
    finding: {
      mark: 'wrong',
      text: `public DNS knows no zone that holds ${at}`,
      say: `Register the domain, and let it lead to your zone at ${solver.type}. To look again:`,
      command: `dig +trace NS ${shellWord(at.split('.').slice(-2).join('.'))}`,
    },
  };
}
