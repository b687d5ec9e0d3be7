import { CertkeepError } from '#shared/errors.ts';
import type { DnsClient } from './dns-client.ts';

/** As in cert-manager: with `follow` a value goes to where CNAMEs lead, with `none` always to the name itself. */
export type CnameStrategy = 'none' | 'follow';

/** RFC 8555 §8.4: the wildcard label is not part of the validated name. */
export function challengeName(name: string): string {
  return `_acme-challenge.${name.replace(/^\*\./, '')}`;
}

const longestChain = 16;

/**
 * The name to put the value at. A CNAME that only a wildcard gives is not followed, although it answers for
 * `_acme-challenge` too: it leads to a load balancer or the like, and hides itself as soon as a value is there.
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

/** Why a value at the name itself is refused or not seen, or null: somebody has made a CNAME of it. */
export async function cnameProblem(name: string, dns: DnsClient): Promise<string | null> {
  const next = await delegatedTo(name, dns);
  if (next.kind !== 'elsewhere') return null;
  return `${name} is a CNAME to ${next.target}, beside which no value can be, and cnameStrategy is none`;
}

type Next =
  | { readonly kind: 'elsewhere'; readonly target: string }
  | { readonly kind: 'nowhere' }
  | { readonly kind: 'unknown'; readonly why: string };

/** Nobody makes such a name on purpose. */
const probe = 'certkeep-probe';
const longestName = 253;

/**
 * RFC 4592 §3.3.1: what is below a name that exists is answered by no wildcard above that name. So if a name
 * below it, which nobody made, has the same CNAME, then a wildcard gave both.
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
