import { familyOf, type KeyAlgorithm, type KeyFamily } from '#shared/key-algorithm.ts';
import type { Endpoint } from '#shared/targets/target.ts';
import { isCovered } from '../choice/covered-names.ts';
import type { Baseline } from '../rollback/previous-state.ts';
import type { Answered, Probe, ProbeAnswer, ProbeQuestion } from './probe.ts';

/** A certificate may have a hundred names: this many are enough where the answer only says what to go back to. */
export const fewNames = 3;

/** Each handshake costs about 5 ms of CPU on both sides. A load balancer has eight addresses in DNS at most. */
const handshakesAtOnce = 8;

/** Returns the names to send as SNI: a wildcard is asked with a label under it. */
export function serverNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.replace(/^\*\./, 'certkeep-probe.')))];
}

/** Returns the names to send as SNI to an endpoint that may serve the certificate for some names alone. */
export function namesAt(
  endpoint: Pick<Endpoint, 'names'> | null,
  names: readonly string[],
): readonly string[] {
  const served = endpoint?.names?.filter((name) => isCovered(name, names));
  return serverNames(served ?? names);
}

export type Questions = {
  /** Names sent as SNI, one after the other. */
  readonly servernames: readonly string[];
  readonly family: KeyFamily | null;
  /** Asked instead of the host's present addresses in DNS. */
  readonly addresses?: readonly string[];
  /** The names before were answered inside of the network only. */
  readonly isInside?: true;
};

type Identity = { readonly names: readonly string[]; readonly keyAlgorithm: KeyAlgorithm };

/**
 * Asks every address of the endpoint for a few names of a version, as before a change to it. The answers can be compared
 * with those to the same questions after the change.
 */
export function askEndpoint(
  probe: Probe,
  endpoint: Endpoint | null,
  { names, keyAlgorithm }: Identity,
): Promise<readonly ProbeAnswer[]> {
  const servernames = namesAt(endpoint, names).slice(0, fewNames);
  return askNames(probe, endpoint, { servernames, family: familyOf(keyAlgorithm) });
}

/**
 * Asks for names as a client of the key family, and if that is refused, as one that can use all keys. DNS is asked once; an
 * address that does not answer for one name is not asked for the next ones, which might each take seconds. Without an
 * endpoint there is no answer.
 */
export async function askNames(
  probe: Probe,
  endpoint: Endpoint | null,
  { servernames, family, addresses: given, ...asked }: Questions,
): Promise<readonly ProbeAnswer[]> {
  if (endpoint === null) return [];
  const { host, port } = endpoint;
  const answers: ProbeAnswer[] = [];
  let addresses = given;
  let isInside = asked.isInside ?? endpoint.isInternal;
  for (let count = 0; count < servernames.length && addresses?.length !== 0; ) {
    const inTurn = servernames.slice(count, count + namesAtOnce(addresses));
    const questions = inTurn.map((servername) => ({
      ...{ host, port, servername, family },
      ...(addresses && { addresses }),
      ...(isInside && { isInside }),
    }));
    const found = await Promise.all(questions.map((question) => askName(probe, question)));
    answers.push(...found.flat());
    addresses = reachable(found.flat());
    isInside ??= answeredInside(answers);
    count += inTurn.length;
  }
  return answers;
}

/** Returns the addresses that answered for some name, even with a refusal. */
export function reachable(answers: readonly ProbeAnswer[]): readonly string[] {
  const there = answers.filter((answer) => answer.outcome === 'answered' || answer.refused);
  return [...new Set(there.map(({ address }) => address))];
}

/** True where the addresses answer inside of their network, as they do not outside. */
export function answeredInside(answers: readonly ProbeAnswer[]): true | undefined {
  return answers.some((answer) => answer.isInside) ? true : undefined;
}

/** The number of addresses is only known with the first answers. */
function namesAtOnce(addresses: readonly string[] | undefined): number {
  return addresses ? Math.max(1, Math.floor(handshakesAtOnce / addresses.length)) : 1;
}

/** A listener without a certificate of the family refuses the client: then the answer to other clients counts. */
async function askName(probe: Probe, question: ProbeQuestion): Promise<readonly ProbeAnswer[]> {
  const answers = await probe(question);
  const refusing = answers.filter((answer) => answer.outcome === 'silent' && answer.refused);
  if (question.family === null || refusing.length === 0) return answers;
  const addresses = refusing.map(({ address }) => address);
  const others = await probe({ ...question, family: null, addresses });
  return answers.map((answer) =>
    addresses.includes(answer.address)
      ? (others.find(({ address }) => address === answer.address) ?? answer)
      : answer,
  );
}

/**
 * Returns the names of a proven certificate that are due: three in each round, so that every name is asked once in as many
 * rounds as there are groups of three. Rounds come up to a third later than planned (verdicts.ts, and a queue): one name
 * more than needed is asked, and none is skipped.
 */
export function namesInTurn(
  servernames: readonly string[],
  since: { readonly changedAt: Date; readonly now: Date; readonly reprobeMs: number },
): readonly string[] {
  const count = fewNames + 1;
  if (servernames.length <= count) return servernames;
  const rounds = Math.max(0, since.now.getTime() - since.changedAt.getTime()) / since.reprobeMs;
  const first = Math.floor(rounds * fewNames) + servernames.length - count;
  return Array.from(
    { length: count },
    (_, index) => servernames[(first + index) % servernames.length] as string,
  );
}

/**
 * Returns the identity and the end of the certificate that an endpoint serves before a change; the serial is null when
 * nothing answers.
 */
export async function servedNow(
  probe: Probe,
  endpoint: Endpoint | null,
  version: Identity,
): Promise<Baseline & { readonly servedUntil: string | null }> {
  const answers = await askEndpoint(probe, endpoint, version);
  const servedUntil = servedEndOf(answers);
  const first = answers.find((answer) => answer.outcome === 'answered');
  if (!first) return { baselineSerial: null, servedUntil };
  return { baselineSerial: first.serial, baselineSha256: first.fingerprintSha256, servedUntil };
}

/** Returns the earliest end of the certificates that the endpoint serves, ISO 8601; null when nothing answers. */
export function servedEndOf(answers: readonly ProbeAnswer[]): string | null {
  const ends = answers
    .filter((answer): answer is Answered => answer.outcome === 'answered')
    .map(({ notAfter }) => notAfter.toISOString());
  return ends.toSorted()[0] ?? null;
}
