import { familyOf, type KeyAlgorithm, type KeyFamily } from '#shared/key-algorithm.ts';
import type { Endpoint } from '#shared/targets/target.ts';
import type { Baseline } from '../rollback/previous-state.ts';
import type { Answered, Probe, ProbeAnswer, ProbeQuestion } from './probe.ts';

/** A certificate may have a hundred names: so many say enough where no more hangs on it than where to go back to. */
export const fewNames = 3;

/** Each costs some 5 ms of a CPU, here and there. A load balancer has eight addresses in DNS at most. */
const handshakesAtOnce = 8;

/** Names to send as SNI: a wildcard is asked with a label under it. */
export function serverNames(names: readonly string[]): readonly string[] {
  return [...new Set(names.map((name) => name.replace(/^\*\./, 'certkeep-probe.')))];
}

export type Questions = {
  /** Sent as SNI, one after the other. */
  readonly servernames: readonly string[];
  readonly family: KeyFamily | null;
  /** Asked instead of those that DNS gives for the host now. */
  readonly addresses?: readonly string[];
};

type Identity = { readonly names: readonly string[]; readonly keyAlgorithm: KeyAlgorithm };

/**
 * What every address of the endpoint presents for a few names of a version, as before a change to it. The answers can
 * be compared with those that the same questions get after the change.
 */
export function askEndpoint(
  probe: Probe,
  endpoint: Endpoint,
  { names, keyAlgorithm }: Identity,
): Promise<readonly ProbeAnswer[]> {
  const servernames = serverNames(names).slice(0, fewNames);
  return askNames(probe, endpoint, { servernames, family: familyOf(keyAlgorithm) });
}

/**
 * Asks for names as a client of the key family, and where that one is refused as one that can use all keys. DNS is
 * asked once; an address that does not answer to one name is not asked for the next ones, which might each take seconds.
 */
export async function askNames(
  probe: Probe,
  { host, port }: Endpoint,
  { servernames, family, addresses: given }: Questions,
): Promise<readonly ProbeAnswer[]> {
  const answers: ProbeAnswer[] = [];
  let addresses = given;
  for (let asked = 0; asked < servernames.length && addresses?.length !== 0; ) {
    const inTurn = servernames.slice(asked, asked + namesAtOnce(addresses));
    const questions = inTurn.map((servername) => ({
      ...{ host, port, servername, family },
      ...(addresses && { addresses }),
    }));
    const found = await Promise.all(questions.map((question) => askName(probe, question)));
    answers.push(...found.flat());
    addresses = reachable(found.flat());
    asked += inTurn.length;
  }
  return answers;
}

/** The addresses that have answered to some name, if only to refuse it. */
export function reachable(answers: readonly ProbeAnswer[]): readonly string[] {
  const there = answers.filter((answer) => answer.outcome === 'answered' || answer.refused);
  return [...new Set(there.map(({ address }) => address))];
}

/** How many addresses there are is only known with the first answers. */
function namesAtOnce(addresses: readonly string[] | undefined): number {
  return addresses ? Math.max(1, Math.floor(handshakesAtOnce / addresses.length)) : 1;
}

/** A listener without a certificate of the family refuses the client: then what others get is the answer. */
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
 * The names of a proven certificate whose turn it is: three in each round, so that all have been asked after as many
 * rounds as there are threes. Rounds come up to a third later than planned (verdicts.ts, and a queue): one name more
 * than its turn is long is asked, and none is passed over.
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

/** What an endpoint is known by before a change, and until when; the serial is null when nothing answers. */
export async function servedNow(
  probe: Probe,
  endpoint: Endpoint,
  version: Identity,
): Promise<Baseline & { readonly servedUntil: string | null }> {
  const answers = await askEndpoint(probe, endpoint, version);
  const servedUntil = servedEndOf(answers);
  const first = answers.find((answer) => answer.outcome === 'answered');
  if (!first) return { baselineSerial: null, servedUntil };
  return { baselineSerial: first.serial, baselineSha256: first.fingerprintSha256, servedUntil };
}

/** When the first of what the endpoint serves ends, ISO 8601; null when nothing answers. */
export function servedEndOf(answers: readonly ProbeAnswer[]): string | null {
  const ends = answers
    .filter((answer): answer is Answered => answer.outcome === 'answered')
    .map(({ notAfter }) => notAfter.toISOString());
  return ends.toSorted()[0] ?? null;
}
