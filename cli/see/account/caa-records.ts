import { knownDirectory } from '#shared/issuers/acme/directories.ts';
import { challengeOf } from '#shared/solvers/facts.ts';
import type { ProvenName } from '../../prepare/doctor/names.ts';

/** The facts about the CA of an issuer that its CAA records hold. */
export type CaaFacts = {
  readonly directory: string;
  /** Its name in CAA records; null where it reads none, or could not be asked. */
  readonly identity: string | null;
  readonly accountUrl: string | null;
};

export type CaaRecords = {
  /** As somebody has registered it. */
  readonly domain: string;
  /** The values of the records, as zone files and DNS services take them. */
  readonly records: readonly string[];
};

/**
 * The CAA records with which nobody but these accounts may issue for the names, by the methods that the solvers use
 * (RFC 8659, RFC 8657). Pure.
 */
export function caaRecords(
  names: readonly ProvenName[],
  factsOf: (issuer: string) => CaaFacts | null,
): readonly CaaRecords[] {
  return [...Map.groupBy(names, ({ domain }) => domain)]
    .map(([domain, own]) => ({ domain, records: recordsOf(own, factsOf) }))
    .filter(({ records }) => records.length > 0)
    .toSorted((one, other) => one.domain.localeCompare(other.domain, 'en'));
}

function recordsOf(
  names: readonly ProvenName[],
  factsOf: (issuer: string) => CaaFacts | null,
): readonly string[] {
  const wild = names.filter(isWildcard);
  const plain = names.filter((each) => !isWildcard(each));
  const values = (tag: string, issuers: readonly string[], proven: readonly ProvenName[]) =>
    issuers.flatMap((issuer) => {
      const facts = factsOf(issuer);
      const methods = methodsOf(proven.filter((each) => each.issuers.includes(issuer)));
      const value = facts && issueValue(facts, methods);
      return value ? [`0 ${tag} "${value}"`] : [];
    });
  // Where there is no issue, everybody may issue for the names that are no wildcards (RFC 8659 §4.2).
  const others = issuersOf(wild).filter((issuer) => !issuersOf(plain).includes(issuer));
  return [
    ...new Set([
      ...values('issue', issuersOf(plain), plain),
      ...values('issue', others, wild),
      ...values('issuewild', issuersOf(wild), wild),
    ]),
  ];
}

function isWildcard({ name }: ProvenName): boolean {
  return name.startsWith('*.');
}

function issuersOf(names: readonly ProvenName[]): readonly string[] {
  return [...new Set(names.flatMap(({ issuers }) => issuers))];
}

function methodsOf(names: readonly ProvenName[]): readonly string[] {
  return [...new Set(names.map(({ solver }) => challengeOf(solver)))].toSorted();
}

/** RFC 8659 §4.2: printable characters without `;`. A quote or a backslash would end the string in a zone file. */
const parameterValue = /^[\x21\x23-\x3a\x3c-\x5b\x5d-\x7e]+$/;
const domainName = /^(?=.{1,253}$)[a-z0-9-]+(\.[a-z0-9-]+)*$/i;

/** The value of an `issue` record. It has parameters only for a CA that is known to read them. */
function issueValue(
  { accountUrl, directory, identity }: CaaFacts,
  methods: readonly string[],
): string | null {
  if (identity === null || !domainName.test(identity)) return null;
  if (!readsParameters(directory)) return identity;
  const account = accountUrl !== null && parameterValue.test(accountUrl) ? accountUrl : null;
  return [
    identity,
    ...(account === null ? [] : [`accounturi=${account}`]),
    `validationmethods=${methods.join(',')}`,
  ].join('; ');
}

export function readsParameters(directory: string): boolean {
  return knownDirectory(directory)?.caaParameters ?? false;
}
