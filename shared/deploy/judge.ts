import { addMs, dayMs } from '#shared/clock.ts';
import type { Answered, ProbeAnswer } from './probe.ts';

export type Evidence = {
  readonly answers: readonly ProbeAnswer[];
  /** The serial that is to be served. */
  readonly expected: string;
  /** The serial that was served by what the change replaced, where that is known. */
  readonly previous: string | null;
  /** Whether the same probe got an answer before the change, or had proved this version. */
  readonly workedBefore: boolean;
  /** Until then nodes may still disagree. */
  readonly settledAt: Date;
  /** Until then some may serve the previous certificate, where that is valid for days. */
  readonly laggingUntil: Date;
  readonly now: Date;
};

export type Verdict = {
  readonly outcome: 'proven' | 'spreading' | 'contradicted' | 'unknown';
  /** The serial that speaks for the outcome: the first unexpected one, or the expected one. */
  readonly serial: string | null;
  /** For people. */
  readonly detail: string;
  /** The answer with that serial: who was asked for which name, and until when that is valid. */
  readonly served: Pick<Answered, 'servername' | 'address' | 'notAfter'> | null;
};

/** A certificate that is valid for so long hurts nobody while it is served for some minutes more. */
const lastsMs = 3 * dayMs;

/**
 * What the answers prove. Only another certificate, where the same probe worked before and time enough
 * has passed, contradicts a change; all that could have another cause is unknown.
 */
export function judge(evidence: Evidence): Verdict {
  const { answers, expected } = evidence;
  const answered = answers.filter((answer) => answer.outcome === 'answered');
  const others = answered.filter(({ serial }) => serial !== expected);
  const witness = others[0] ?? answered[0];
  const shown = { serial: witness?.serial ?? null, served: witness ? servedBy(witness) : null };
  if (others.length > 0) return { ...shown, ...judgeOthers(evidence, answered, others) };
  const silent = answers.find((answer) => answer.outcome === 'silent');
  if (silent) return { ...shown, outcome: 'unknown', detail: at(silent, silent.detail) };
  if (answered.length === 0) return { ...shown, outcome: 'unknown', detail: 'nothing was asked' };
  return { ...shown, outcome: 'proven', detail: `all ${answered.length} answers serve it` };
}

function servedBy({ servername, address, notAfter }: Answered): Verdict['served'] {
  return { servername, address, notAfter };
}

function judgeOthers(
  { expected, previous, workedBefore, settledAt, laggingUntil, now }: Evidence,
  answered: readonly Answered[],
  others: readonly Answered[],
): Pick<Verdict, 'outcome' | 'detail'> {
  const first = others[0] as Answered;
  const which =
    first.serial === previous ? 'still the previous certificate' : 'another certificate';
  const detail = at(first, `${which}, serial ${first.serial}`);
  // Going back would only bring what is served there anyway.
  const lags = others.every(
    ({ serial, notAfter }) => serial === previous && notAfter > addMs(now, lastsMs),
  );
  if (now < (lags ? laggingUntil : settledAt)) return { outcome: 'spreading', detail };
  if (!workedBefore) return { outcome: 'unknown', detail };
  return {
    outcome: isForeignName(answered, others, { expected, previous }) ? 'unknown' : 'contradicted',
    detail,
  };
}

/**
 * Whether the change took effect and only some names are answered by a certificate that has nothing to
 * do with it: another one in the listener's SNI list wins there, and going back would not change that.
 */
function isForeignName(
  answered: readonly Answered[],
  others: readonly Answered[],
  { expected, previous }: Pick<Evidence, 'expected' | 'previous'>,
): boolean {
  const lost = new Set(others.map(({ servername }) => servername));
  const served = answered.some(
    ({ serial, servername }) => serial === expected && !lost.has(servername),
  );
  const mixed = answered.some(
    ({ serial, servername }) => serial === expected && lost.has(servername),
  );
  return served && !mixed && others.every(({ serial }) => serial !== previous);
}

function at({ servername, address }: ProbeAnswer, what: string): string {
  return `${servername} at ${address}: ${what}`;
}
