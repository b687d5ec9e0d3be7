import { andAbove, type CaaRecord, type DnsClient } from './dns-client.ts';

/** Who asks for what. */
export type CaaRequest = {
  readonly isWildcard: boolean;
  /** What the CA calls itself in CAA records (its directory's `caaIdentities`, RFC 8555 §7.1.1). */
  readonly identities: readonly string[];
  /** Our account there, for `accounturi`; null where it is not known. */
  readonly accountUrl: string | null;
  /** For `validationmethods`: `dns-01`. */
  readonly method: string;
};

export type RelevantCaa =
  | { readonly kind: 'records'; readonly at: string; readonly records: readonly CaaRecord[] }
  | { readonly kind: 'none' }
  | { readonly kind: 'unknown'; readonly why: string };

/**
 * The records that count for a name (without its `*.`): the closest ones at or above it. The resolver follows
 * CNAMEs; from an alias without records one climbs from the name, not from where it leads (RFC 8659 §3).
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

/** Why these records forbid the request, or null. */
export function caaProblem(records: readonly CaaRecord[], request: CaaRequest): string | null {
  const strange = records.find(
    ({ flags, tag }) => (flags & criticalFlag) !== 0 && !knownTags.has(tag),
  );
  if (strange) return `the property "${strange.tag}" is critical and not known to CAs`;
  const issuing = records.filter(({ tag }) => tag === 'issue');
  const wild = records.filter(({ tag }) => tag === 'issuewild');
  // RFC 8659 §4.3: for wildcards issuewild takes the place of issue, where it is there.
  const counting = request.isWildcard && wild.length > 0 ? wild : issuing;
  if (counting.length === 0) return null;
  const refusals = counting.map(({ value }) => refusal(readIssue(value), request));
  if (refusals.includes(null)) return null;
  const closest = refusals.find((each) => each !== elsewhere(request));
  const written = counting.map(({ tag, value }) => `${tag} "${value}"`).join(', ');
  return `${written}: ${closest ?? elsewhere(request)}`;
}

type Issue = { readonly issuer: string; readonly parameters: ReadonlyMap<string, string> };

const parameter = /^\s*([a-z0-9]+)\s*=\s*([\x21-\x3a\x3c-\x7e]*)\s*$/i;

/** RFC 8659 §4.2. Null for what does not follow its grammar, which then allows nobody. */
function readIssue(value: string): Issue | null {
  const [issuer = '', ...rest] = value.split(';');
  const parameters = new Map<string, string>();
  for (const text of rest.filter((each) => each.trim() !== '')) {
    const [matched, tag = '', written = ''] = parameter.exec(text) ?? [];
    if (matched === undefined) return null;
    parameters.set(tag.toLowerCase(), written);
  }
  return { issuer: issuer.trim().toLowerCase(), parameters };
}

function refusal(issue: Issue | null, request: CaaRequest): string | null {
  const { accountUrl, identities, method } = request;
  if (!issue || !identities.some((identity) => identity.toLowerCase() === issue.issuer)) {
    return elsewhere(request);
  }
  // RFC 8657 §3. A CA compares the URI as it is written.
  const account = issue.parameters.get('accounturi');
  if (account !== undefined && accountUrl !== null && account !== accountUrl) {
    return `accounturi is not the account of certkeep, ${accountUrl}`;
  }
  // RFC 8657 §4.
  const methods = issue.parameters.get('validationmethods')?.split(',');
  if (methods && !methods.some((each) => each.toLowerCase() === method)) {
    return `validationmethods does not have ${method}`;
  }
  return null;
}

function elsewhere({ identities, isWildcard }: CaaRequest): string {
  return `the CA (${identities.join(', ')}) is not allowed to issue${isWildcard ? ' wildcards' : ''}`;
}
