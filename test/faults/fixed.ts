import type { NamedCall } from './calls.ts';
import { faultKinds } from './kinds.ts';
import type { Strike } from './strike.ts';

/**
 * What CI strikes: what one function does with one operation to one kind of thing, with each fault once. The faults
 * go round the certificates, first at the first such call on the way of each, then at the last. It is a rule and no
 * list of calls, so that it holds whatever code is changed, and a new call joins by itself.
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

/** The first call on the way of each certificate, then the last of each. */
function inTurn(alike: readonly NamedCall[]): readonly NamedCall[] {
  const ways = [...Map.groupBy(alike, wayOf).values()];
  const ends = [0, -1].flatMap((end) => ways.flatMap((way) => way.slice(end)[0] ?? []));
  return [...new Set(ends)];
}

/** Certificates go their own ways, in each setting, and what one function does for one is a way of its own. */
export function wayOf({ setting, certificate, functionName }: NamedCall): string {
  return `${setting} ${certificate} ${functionName}`;
}

/** `issue s3 PutObject certkeep-*-us-east-1 records/issue/ID`. */
export function kindOf({ functionName, service, operation, resource }: NamedCall): string {
  return [functionName, service, operation, thingOf(service, resource)].join(' ').trim();
}

/** Services whose operations do another thing to each kind of resource. */
const manifold = ['s3', 'sqs', 'secretsmanager', 'sts', 'lambda'];

function thingOf(service: string, resource: string): string {
  if (!manifold.includes(service)) return '';
  return resource
    .replace(/certificates\/[^/]+\//, 'certificates/ID/')
    .replace(/(records\/[^/]+\/)\S+/, '$1ID')
    .replace(/alerts\/\S+/, 'alerts/ID')
    .replace(/certkeep\/\S+/, 'certkeep/ID')
    .replace(/(\.fifo) .*/, '$1');
}
