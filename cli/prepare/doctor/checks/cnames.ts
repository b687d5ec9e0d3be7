import { challengeName, cnameProblem, valueName } from '#shared/dns/challenge-name.ts';
import { inBatches } from '#shared/each.ts';
import { CertkeepError } from '#shared/errors.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { byDomain, type ProvenName, provenNames } from '../names.ts';

const namesAtOnce = 4;

/** A CNAME at `_acme-challenge` leads away from where the value would be written. */
export const cnames: Check = {
  title: 'CNAMEs at _acme-challenge',
  rights: [],
  questions: (subject) =>
    byDomain(
      provenNames(subject.config).filter(({ solver }) => challengeOf(solver) === 'dns-01'),
    ).map(([domain, names]) => ({
      about: domain,
      async ask() {
        const ways = await inBatches(names, namesAtOnce, (each) => wayOf(each, subject));
        const found = [
          ...new Map(
            ways.flatMap((each) => (each === null ? [] : [[each.text, each] as const])),
          ).values(),
        ];
        return found.length > 0 ? found : [ok(`${domain} has none`)];
      },
    })),
};

/** Null where no CNAME is there. */
async function wayOf(
  { name, solver }: ProvenName,
  { dns, file }: Pick<Subject, 'dns' | 'file'>,
): Promise<Finding | null> {
  const own = challengeName(name);
  const command = `dig +short CNAME ${shellWord(own)}`;
  const follows = 'cnameStrategy' in solver && solver.cnameStrategy === 'follow';
  if (!follows) {
    const answer = await dns.cname(own);
    if (!answer.answered) {
      return { mark: 'not known', text: `${own}: no answer of DNS: ${answer.why}`, command };
    }
    const problem = await cnameProblem(own, dns);
    if (problem === null) return null;
    return {
      mark: 'wrong',
      text: problem,
      say: `Remove the CNAME, or write "cnameStrategy: follow" into the solver in ${file}. It is shown by:`,
      command,
    };
  }
  try {
    const at = await valueName(own, 'follow', dns);
    return at === own ? null : ok(`${own} leads to ${at}`);
  } catch (error) {
    const { message, name: kind } = error instanceof CertkeepError ? error : {};
    if (kind !== 'ChallengeCnameUnusable' || message === undefined) throw error;
    return { mark: 'wrong', text: message, say: 'The first of them is shown by:', command };
  }
}
