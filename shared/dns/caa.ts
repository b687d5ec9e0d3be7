import { andAbove, type CaaRecord, type DnsClient } from './dns-client.ts';

/** A CA, an account and a method that a request would use. */
export type CaaRequest = {
  readonly isWildcard: boolean;
  /** The CA's names in CAA records (`caaIdentities` of its directory, RFC 8555 §7.1.1). */
  readonly identities: readonly string[];
  /** Our account there, for `accounturi`; null where we do not know it. */
  readonly accountUrl: string | null;
  /** The value for `validationmethods`: `dns-01`. */
  readonly method: string;
  /** Says whether the CA is known to obey both parameters (RFC 8657); other CAs may ignore them. */
  readonly readsParameters: boolean;
};

/** Why records forbid a request. `isCertain` where every CA that follows RFC 8659 would refuse; otherwise only some may. */
export type CaaProblem = { readonly text: string; readonly isCertain: boolean };

export type RelevantCaa =
  | { readonly kind: 'records'; readonly at: string; readonly records: readonly CaaRecord[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The records that apply to a name (without its `*.`): the closest ones at or above it. The resolver follows CNAMEs; for an
 * alias without records the search goes up from the name, not from its target (RFC 8659 §3).
 */
export async function relevantCaa(name: string, dns: DnsClient): Promise<RelevantCaa> {
  for (const at of andAbove(name)) {
    const answer = await dns.caa(at);
    if (!answer.answered) return { kind: 'unknown', why: `${at} CAA: ${answer.why}` };
    if (answer.records.length > 0) return { kind: 'records', at, records: answer.records };
  }
  return { kind: 'none' };
}

/** Every property that RFC 8659, RFC 9495 and the CA/Browser Forum define. */
const knownTags: ReadonlySet<string> = new Set([
  'issue',
  'issuewild',
  'iodef',
  'issuemail',
  'issuevmc',
  'contactemail',
  'contactphone',
]);
const criticalFlag = 128;

/** Says why these records forbid the request; null where they allow it. */
export function caaProblem(records: readonly CaaRecord[], request: CaaRequest): CaaProblem | null {
  const strange = records.find(
    ({ flags, tag }) => (flags & criticalFlag) !== 0 && !knownTags.has(tag),
  );
  // A CA may know a property that certkeep does not.
  if (strange) {
    const text = `the property "${strange.tag}" is critical and not known to CAs`;
    return { text, isCertain: false };
  }
  const issuing = records.filter(({ tag }) => tag === 'issue');
  const wild = records.filter(({ tag }) => tag === 'issuewild');
  // RFC 8659 §4.3: for a wildcard, issuewild replaces issue where it exists.
  const counting = request.isWildcard && wild.length > 0 ? wild : issuing;
  const refusals: CaaProblem[] = [];
  for (const { value } of counting) {
    const refused = refusal(readIssue(value), request);
    if (!refused) return null;
    refusals.push(refused);
  }
  if (refusals.length === 0) return null;
  const closest = refusals.find(({ text }) => text !== elsewhere(request));
  const written = counting.map(({ tag, value }) => `${tag} "${value}"`).join(', ');
  return {
    text: `${written}: ${closest?.text ?? elsewhere(request)}`,
    isCertain: refusals.every(({ isCertain }) => isCertain),
  };
}

type Issue = {
  readonly issuer: string;
  /** Null where they violate the grammar. */
  readonly parameters: ReadonlyMap<string, string> | null;
};

const parameter = /^\s*([a-z0-9]+)\s*=\s*([\x21-\x3a\x3c-\x7e]*)\s*$/i;

/** RFC 8659 §4.2. */
function readIssue(value: string): Issue {
  const [domain = '', ...rest] = value.split(';');
  const issuer = domain.trim().toLowerCase();
  const parameters = new Map<string, string>();
  for (const text of rest.filter((each) => each.trim() !== '')) {
    const [matched, tag = '', written = ''] = parameter.exec(text) ?? [];
    if (matched === undefined) return { issuer, parameters: null };
    parameters.set(tag.toLowerCase(), written);
  }
  return { issuer, parameters };
}

function refusal({ issuer, parameters }: Issue, request: CaaRequest): CaaProblem | null {
  const { accountUrl, identities, method, readsParameters: isCertain } = request;
  const names = (domain: string) => identities.some((each) => each.toLowerCase() === domain);
  if (!names(issuer)) {
    // With a trailing dot it is not a valid issuer domain, but some CAs may accept it.
    const isClose = names(issuer.replace(/\.$/, ''));
    return { text: elsewhere(request), isCertain: !isClose };
  }
  // Such a record allows nobody (RFC 8659 §4.2), but parsers differ.
  if (!parameters) return { text: 'its parameters cannot be read', isCertain: false };
  // RFC 8657 §3. A CA compares the URI as it is written.
  const account = parameters.get('accounturi');
  if (account !== undefined && accountUrl !== null && account !== accountUrl) {
    const text = `accounturi is not the account of certkeep, ${accountUrl}`;
    return { text, isCertain };
  }
  // RFC 8657 §4.
  const methods = parameters.get('validationmethods')?.split(',');
  if (methods && !methods.some((each) => each.toLowerCase() === method)) {
    return { text: `validationmethods does not have ${method}`, isCertain };
  }
  return null;
}

function elsewhere({ identities, isWildcard }: CaaRequest): string {
  return `the CA (${identities.join(', ')}) is not allowed to issue${isWildcard ? ' wildcards' : ''}`;
}
