import { CertkeepError } from '#shared/errors.ts';
import type { DnsClient } from './dns-client.ts';

/** As in cert-manager: `follow` writes a value where the CNAMEs lead, `none` always at the name itself. */
export type CnameStrategy = 'none' | 'follow';

/** RFC 8555 §8.4: the wildcard label is not part of the validated name. */
export function challengeName(name: string): string {
  return `_acme-challenge.${name.replace(/^\*\./, '')}`;
}

const longestChain = 16;

/**
 * The name at which to write the value. A CNAME from a wildcard is not followed, although it answers for `_acme-challenge`
 * too: it leads to a load balancer or the like, and disappears as soon as a value exists there.
 * @throws CertkeepError ChallengeCnameUnusable, DnsServiceUnreachable
 */
export async function valueName(
  name: string,
  strategy: CnameStrategy,
  dns: DnsClient,
): Promise<string> {
  if (strategy === 'none') return name;
  const chain = [name];
  for (let at = name; ; ) {
    const next = await delegatedTo(at, dns);
    if (next.kind === 'unknown') {
      throw new CertkeepError('DnsServiceUnreachable', `the CNAME at ${at}: ${next.why}`);
    }
    if (next.kind === 'nowhere') return at;
    if (chain.includes(next.target) || chain.length === longestChain) {
      const shown = [...chain, next.target].join(' -> ');
      throw new CertkeepError('ChallengeCnameUnusable', `the CNAMEs do not end: ${shown}`);
    }
    chain.push(next.target);
    at = next.target;
  }
}

/** Says why a value at the name itself would be refused or not be seen: somebody has made it a CNAME. Null otherwise. */
export async function cnameProblem(name: string, dns: DnsClient): Promise<string | null> {
  const next = await delegatedTo(name, dns);
  if (next.kind !== 'elsewhere') return null;
  return `${name} is a CNAME to ${next.target}, beside which no value can be, and cnameStrategy is none`;
}

type Next =
  | { readonly kind: 'elsewhere'; readonly target: string }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Nobody creates this name on purpose. */
const probe = 'certkeep-probe';
const longestName = 253;

/**
 * RFC 4592 §3.3.1: a wildcard does not answer for names below a name that exists. So if a name below it, which nobody
 * created, has the same CNAME, a wildcard gave both.
 */
async function delegatedTo(name: string, dns: DnsClient): Promise<Next> {
  const own = await dns.cname(name);
  if (!own.answered) return { kind: 'unknown', why: own.why };
  const [target] = own.records;
  if (target === undefined) return { kind: 'nowhere' };
  const below = `${probe}.${name}`;
  if (below.length > longestName) return { kind: 'elsewhere', target };
  const probed = await dns.cname(below);
  if (!probed.answered) return { kind: 'unknown', why: probed.why };
  return probed.records.includes(target) ? { kind: 'nowhere' } : { kind: 'elsewhere', target };
}
