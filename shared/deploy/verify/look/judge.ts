import type { ErrorName } from '#shared/errors.ts';
import { addMs, dayMs } from '#shared/time/clock.ts';
import { type Identity, isLookAlike } from '../../probe/identity.ts';
import type { Answered, ProbeAnswer } from '../../probe/probe.ts';
import type { Neighbours } from '../neighbours.ts';

export type Evidence = {
  readonly answers: readonly ProbeAnswer[];
  /** The certificate that is to be served. */
  readonly expected: Identity;
  /** The certificate that the change replaced, where it is known. */
  readonly previous: PreviousIdentity | null;
  /** True if the same probe got an answer before the change, or had proved this version. */
  readonly workedBefore: boolean;
  readonly neighbours: Neighbours;
  /** Until then nodes may still disagree. */
  readonly settledAt: Date;
  /** Until then some nodes may serve the previous certificate, if it is valid for days. */
  readonly laggingUntil: Date;
  /** They do so until then by the words of the service: it is enough that the previous certificate lasts as long. */
  readonly mayLagToItsEnd?: boolean;
  readonly now: Date;
};

/** Records of earlier releases only have the serial. */
export type PreviousIdentity = {
  readonly serial: string;
  readonly fingerprintSha256: string | null;
};

export type Verdict = {
  readonly outcome: 'proven' | 'spreading' | 'contradicted' | 'unknown';
  /** The serial in the answer that decided the outcome: the first unexpected one, or the expected one. */
  readonly serial: string | null;
  readonly fingerprintSha256: string | null;
  /** For people. */
  readonly detail: string;
  /** The answer with that serial: the address, the name asked for, and the end of the certificate. */
  readonly served: Pick<Answered, 'servername' | 'address' | 'notAfter'> | null;
  /** Why it could not be asked, where that has a name of its own. */
  readonly error?: ErrorName;
};

/** A certificate that is valid for so long does no harm if it is served for some minutes more. */
const lastsMs = 3 * dayMs;

/**
 * Judges what the answers prove. A change is contradicted only by another certificate, where the same probe worked before
 * and enough time has passed; anything that could have another cause is unknown. Deploy, which knows what the listener
 * holds, decides whether going back would help.
 */
export function judge(evidence: Evidence): Verdict {
  const { answers, expected, previous, neighbours } = evidence;
  const all = answers.filter((answer) => answer.outcome === 'answered');
  const answered = all.filter((each) => !neighbours.certificates.has(each.fingerprintSha256));
  const others = answered.filter((each) => !isSame(each, expected));
  // Among several, prefer the one that going back could change.
  const other = others.find((each) => isSame(each, previous)) ?? others[0];
  if (other) return { ...shown(other), ...judgeOthers(evidence, other, others) };
  const behind = judgeNeighbours(evidence, all);
  if (behind) return behind;
  const silent = answers.find((answer) => answer.outcome === 'silent');
  const witness = shown(answered[0] ?? all[0]);
  if (silent) {
    const named = silent.error && { error: silent.error };
    return { ...witness, outcome: 'unknown', detail: at(silent, silent.detail), ...named };
  }
  if (answered.length === 0)
    return { ...witness, outcome: 'unknown', detail: answeredBy(evidence, all[0]) };
  const from = answered.some((each) => each.isInside) ? ', asked from inside its network' : '';
  const detail = `all ${answered.length} answers serve it${from}`;
  return { ...witness, outcome: 'proven', detail };
}

/**
 * Another certificate of the configuration answers for one of these names: permanently, or as long as a node has not heard
 * of this one. Where both answer for a name, nodes disagree. Null where that proves nothing.
 */
function judgeNeighbours(evidence: Evidence, all: readonly Answered[]): Verdict | null {
  const { neighbours, expected, settledAt, laggingUntil, now } = evidence;
  const theirs = all.filter((each) => neighbours.certificates.has(each.fingerprintSha256));
  const own = new Set(all.flatMap((each) => (isSame(each, expected) ? [each.servername] : [])));
  const mixed = theirs.find(({ servername }) => own.has(servername));
  const first = mixed ?? theirs[0];
  if (!first) return null;
  const isSpreading = now < (mixed ? laggingUntil : settledAt);
  if (!isSpreading && !mixed) return null;
  const outcome = isSpreading ? 'spreading' : 'unknown';
  return { ...shown(first), outcome, detail: answeredBy(evidence, first) };
}

/** Says whether the answer presents this certificate; the serial counts only where nothing else is known. */
function isSame(answer: Identity, other: PreviousIdentity | null): boolean {
  if (other === null) return false;
  return other.fingerprintSha256 === null
    ? answer.serial === other.serial
    : answer.fingerprintSha256 === other.fingerprintSha256;
}

function shown(
  answer: Answered | undefined,
): Pick<Verdict, 'serial' | 'fingerprintSha256' | 'served'> {
  if (!answer) return { serial: null, fingerprintSha256: null, served: null };
  const { serial, fingerprintSha256, servername, address, notAfter } = answer;
  return { serial, fingerprintSha256, served: { servername, address, notAfter } };
}

/** The configuration wants it so: nothing is left for this certificate to answer. */
function answeredBy({ neighbours }: Evidence, answer: Answered | undefined): string {
  if (!answer) return 'nothing was asked';
  return at(
    answer,
    `the certificate ${neighbours.certificates.get(answer.fingerprintSha256)} of this configuration answers`,
  );
}

function judgeOthers(
  evidence: Evidence,
  first: Answered,
  others: readonly Answered[],
): Pick<Verdict, 'outcome' | 'detail'> {
  const { expected, neighbours, previous, workedBefore, settledAt, laggingUntil, now } = evidence;
  const detail = at(first, `${whichOf(first, expected, previous)}, serial ${first.serial}`);
  // Going back would only bring what is served there anyway.
  const harmlessUntil = evidence.mayLagToItsEnd ? laggingUntil : addMs(now, lastsMs);
  const lags = others.every((each) => isSame(each, previous) && each.notAfter > harmlessUntil);
  if (now < (lags ? laggingUntil : settledAt)) return { outcome: 'spreading', detail };
  const [unread] = neighbours.unread;
  if (unread !== undefined && others.every((each) => !isSame(each, previous))) {
    const perhaps = `; it may be of ${unread}, whose record cannot be read`;
    return { outcome: 'unknown', detail: `${detail}${perhaps}` };
  }
  return { outcome: workedBefore ? 'contradicted' : 'unknown', detail };
}

function whichOf(answer: Answered, expected: Identity, previous: Evidence['previous']): string {
  if (isLookAlike(answer, expected)) return 'not ours, although it bears our serial';
  return isSame(answer, previous) ? 'still the previous certificate' : 'another certificate';
}

function at({ servername, address, isInside }: ProbeAnswer, what: string): string {
  const from = isInside ? ', asked from inside' : '';
  return `${servername} at ${address}${from}: ${what}`;
}
