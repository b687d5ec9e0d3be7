import type { NamedCall } from './calls.ts';
import { faultKinds } from './kinds.ts';
import type { Strike } from './strike.ts';

/**
 * Returns the strikes that CI plays: for each function, operation and kind of resource, each fault once. The faults rotate
 * through the certificates, first at the first such call for each, then at the last. It is a rule and not a list of calls,
 * so that it holds whatever code changes, and includes new calls by itself.
 */
export function fixedStrikes(calls: readonly NamedCall[]): readonly Strike[] {
  return [...Map.groupBy(calls, kindOf).values()].flatMap((alike) => {
    const round = inTurn(alike);
    return faultKinds
      .map(({ name, applies }) => ({ fault: name, fitting: round.filter(applies) }))
      .flatMap(({ fault, fitting }, turn) => {
        const call = fitting[turn % fitting.length];
        return call ? [{ call, fault }] : [];
      });
  });
}

/** Returns the first call for each certificate, then the last for each. */
function inTurn(alike: readonly NamedCall[]): readonly NamedCall[] {
  const ways = [...Map.groupBy(alike, wayOf).values()];
  const ends = [0, -1].flatMap((end) => ways.flatMap((way) => way.slice(end)[0] ?? []));
  return [...new Set(ends)];
}

/** Certificates are independent in each setting, and so are the functions that work on one of them. */
export function wayOf({ setting, certificate, functionName }: NamedCall): string {
  return `${setting} ${certificate} ${functionName}`;
}

/** `issue s3 PutObject certkeep-*-us-east-1 records/issue/ID`. */
export function kindOf({ functionName, service, operation, resource }: NamedCall): string {
  return [functionName, service, operation, thingOf(service, resource)].join(' ').trim();
}

/** Services whose operations do different things to each kind of resource. */
const manifold = ['s3', 'sqs', 'secretsmanager', 'sts', 'lambda'];

function thingOf(service: string, resource: string): string {
  if (!manifold.includes(service)) return '';
  return resource
    .replace(/certificates\/[^/]+\//, 'certificates/ID/')
    .replace(/(records\/[^/]+\/)\S+/, '$1ID')
    .replace(/certkeep\/\S+/, 'certkeep/ID')
    .replace(/(\.fifo) .*/, '$1');
}
