import { isIPv6 } from 'node:net';
import type { Waiting } from '#shared/dns/propagation.ts';
import { inBatches } from '#shared/each.ts';
import { errorMessage } from '#shared/errors.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { pauseWithin } from '#shared/time/waiting.ts';
import type { ChallengeValue, Proof } from '../solver.ts';
import { pathOf } from './answering/paths.ts';
import type { ChallengeListener } from './client.ts';

/** Returns the status and the beginning of the body of one GET over plain HTTP. @throws where there is no answer */
export type HttpGet = (asked: {
  readonly address: string;
  readonly port: number;
  readonly host: string;
  readonly path: string;
}) => Promise<{ readonly status: number; readonly body: string }>;

/** Every answer must be right in this many rounds in a row: nodes of a load balancer learn of a rule one after the other. */
const roundsInARow = 3;
const longestMs = 60 * secondMs;
const asksAtOnce = 16;

/**
 * Asks every address of the load balancer for every value, as a CA does. It uses the DNS name that AWS gave the load
 * balancer: only the CA checks where the certificate's names lead.
 */
export async function askListener(
  listener: ChallengeListener,
  values: readonly ChallengeValue[],
  { dns, clock, everyMs, deadline }: Waiting,
  get: HttpGet,
): Promise<Proof> {
  const latest = addMs(clock.now(), longestMs);
  const end = latest < deadline ? latest : deadline;
  for (let right = 0; ; ) {
    const proof = await askOnce(listener, values, dns, get);
    right = proof.kind === 'served' ? right + 1 : 0;
    if (right === roundsInARow) return proof;
    if (await pauseWithin(clock, everyMs, end)) continue;
    // Right, but not often enough yet.
    return proof.kind === 'served' ? { kind: 'missing', what: 'answers since just now' } : proof;
  }
}

async function askOnce(
  { host, port }: ChallengeListener,
  values: readonly ChallengeValue[],
  dns: Waiting['dns'],
  get: HttpGet,
): Promise<Proof> {
  const found = await dns.addresses(host);
  if (!found.answered) return { kind: 'silent', what: `the address of ${host}: ${found.why}` };
  if (found.records.length === 0) return { kind: 'silent', what: `${host} has no address` };
  const asks = found.records.flatMap((address) => values.map((value) => ({ address, value })));
  const proofs = await inBatches(asks, asksAtOnce, ({ address, value }) =>
    askFor(value, { address, port }, get),
  );
  return (
    proofs.find(({ kind }) => kind === 'missing') ??
    proofs.find(({ kind }) => kind === 'silent') ?? { kind: 'served' }
  );
}

async function askFor(
  { name, value }: ChallengeValue,
  { address, port }: { readonly address: string; readonly port: number },
  get: HttpGet,
): Promise<Proof> {
  const path = pathOf(value);
  const where = `http://${name}${path} at ${isIPv6(address) ? `[${address}]` : address}:${port}`;
  try {
    const { status, body } = await get({ address, port, host: name, path });
    if (status === 200 && body === value) return { kind: 'served' };
    const instead = status === 200 ? 'with something else' : `with ${status}`;
    return { kind: 'missing', what: `${where} is answered ${instead}` };
  } catch (error) {
    deadlineSignal()?.throwIfAborted();
    return { kind: 'silent', what: `${where} is not answered: ${errorMessage(error)}` };
  }
}
