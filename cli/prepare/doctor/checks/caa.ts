import { type CaaRequest, caaProblem, relevantCaa } from '#shared/dns/caa.ts';
import type { CaaRecord } from '#shared/dns/dns-client.ts';
import { inBatches } from '#shared/each.ts';
import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import { shellWord } from '../../../text/shell-word.ts';
import { type Check, type Finding, ok, type Subject } from '../check.ts';
import { byDomain, listedNames, type ProvenName, provenNames } from '../names.ts';
import { zoneFinders } from '../zone-finders.ts';

const namesAtOnce = 4;

/** CAA records let each issuer of a name certify it, as an order would find. */
export const caa: Check = {
  title: 'CAA',
  rights: ['route53:ListHostedZonesByName'],
  questions(subject) {
    const zoneIdFor = zoneIds(subject);
    return byDomain(provenNames(subject.config)).map(([domain, names]) => ({
      about: `CAA of ${domain}`,
      instead: `dig +short CAA ${shellWord(domain)}`,
      async ask() {
        const asked = names.flatMap((proven) =>
          proven.issuers.map((issuer) => ({ proven, issuer })),
        );
        const found = await inBatches(asked, namesAtOnce, ({ proven, issuer }) =>
          lookAt(proven, issuer, subject),
        );
        return Promise.all(
          [...Map.groupBy(found, keyOf).values()].map((group) => told(group, zoneIdFor)),
        );
      },
    }));
  },
};

type Seen = {
  readonly issuer: string;
  readonly proven: ProvenName;
  readonly outcome:
    | { readonly kind: 'free' | 'allowed' | 'unasked'; readonly why?: string }
    | {
        readonly kind: 'forbidden' | 'doubtful';
        readonly why: string;
        readonly at: string;
        readonly records: readonly CaaRecord[];
        readonly missing: string;
      };
};

async function lookAt(proven: ProvenName, issuer: string, subject: Subject): Promise<Seen> {
  const { config, dns } = subject;
  const seen = (outcome: Seen['outcome']): Seen => ({ issuer, proven, outcome });
  const issuerConfig = config.issuers[issuer];
  if (!issuerConfig) return seen({ kind: 'free' });
  const { caaIdentities: identities } = await subject.aboutIssuer(issuerConfig);
  // A CA that names no identity reads no CAA: a private one.
  if (identities.length === 0) return seen({ kind: 'free' });
  const relevant = await relevantCaa(proven.name.replace(/^\*\./, ''), dns);
  if (relevant.kind === 'unknown') return seen({ kind: 'unasked', why: relevant.why });
  if (relevant.kind === 'none') return seen({ kind: 'free' });
  const request: CaaRequest = {
    isWildcard: proven.name.startsWith('*.'),
    identities,
    accountUrl: null,
    method: challengeOf(proven.solver),
    readsParameters: knownDirectory(issuerConfig.directory)?.caaParameters ?? false,
  };
  const { at, records } = relevant;
  const problem = caaProblem(records, request);
  if (problem === null) return seen({ kind: 'allowed' });
  return seen({
    kind: problem.isCertain ? 'forbidden' : 'doubtful',
    why: `CAA at ${at}: ${problem.text}`,
    at,
    records,
    missing: missingRecord(records, request),
  });
}

/** For a wildcard, issuewild counts alone where it is there (RFC 8659 §4.3). */
function missingRecord(records: readonly CaaRecord[], { identities, isWildcard }: CaaRequest) {
  const tag =
    isWildcard && records.some((each) => each.tag === 'issuewild') ? 'issuewild' : 'issue';
  return `0 ${tag} "${identities[0] ?? ''}"`;
}

function keyOf({ issuer, outcome: { kind, why = '' } }: Seen): string {
  return `${issuer} ${kind} ${why}`;
}

type ZoneIdFor = (proven: ProvenName, at: string) => Promise<string | null>;

async function told(group: readonly Seen[], zoneIdFor: ZoneIdFor): Promise<Finding> {
  const [first] = group;
  if (!first) return ok('');
  const { issuer, outcome, proven } = first;
  const names = listedNames([...new Set(group.map((each) => each.proven.name))]);
  switch (outcome.kind) {
    case 'free':
      return ok(`no record keeps ${issuer} from issuing (${names})`);
    case 'allowed':
      return ok(`records let ${issuer} issue (${names})`);
    case 'unasked':
      return { mark: 'not known', text: `${names}: no answer of DNS: ${outcome.why}` };
    case 'doubtful':
    case 'forbidden': {
      const { at, missing, records, why } = outcome;
      const zoneId = await zoneIdFor(proven, at);
      return {
        mark: outcome.kind === 'forbidden' ? 'wrong' : 'warning',
        text: `${issuer} for ${names}: ${why}`,
        say: `To add ${missing} at ${at}:`,
        command: adding({ at, missing, records, zoneId }),
      };
    }
  }
}

/** A change of Route 53 replaces the whole set, so what is there is written again. */
function adding({
  at,
  missing,
  records,
  zoneId,
}: {
  readonly at: string;
  readonly missing: string;
  readonly records: readonly CaaRecord[];
  readonly zoneId: string | null;
}): string {
  if (zoneId === null) return `dig +short CAA ${shellWord(at)}`;
  const values = [...records.map(({ flags, tag, value }) => `${flags} ${tag} "${value}"`), missing];
  const change = {
    Changes: [
      {
        Action: 'UPSERT',
        ResourceRecordSet: {
          Name: at,
          Type: 'CAA',
          TTL: 300,
          ResourceRecords: values.map((Value) => ({ Value })),
        },
      },
    ],
  };
  return `aws route53 change-resource-record-sets --hosted-zone-id ${shellWord(zoneId)} --change-batch ${shellWord(JSON.stringify(change))}`;
}

/** Null where Route 53 does not have the zone, or does not show it. */
function zoneIds(subject: Subject): ZoneIdFor {
  const solverFor = zoneFinders(subject);
  return async ({ solver }, at) => {
    if (solver.type !== 'route53') return null;
    try {
      const { zoneId } = await (await solverFor(solver)).zoneFor(at);
      return zoneId;
    } catch {
      return null;
    }
  };
}
