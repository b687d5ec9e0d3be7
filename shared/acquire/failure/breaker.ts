import { cutTimes } from '#shared/ledger/record/times.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';

/**
 * The shared knowledge about one issuer, for certificates with several. Closed while `openUntil` is null; open until that
 * time; then half-open: one attempt at a time may try whether it works again.
 */
export type Breaker = {
  /** The CA's faults in a row, for whatever certificate. */
  readonly faults: number;
  /** The number of times in a row that it opened. */
  readonly trips: number;
  /** ISO 8601, as is `until`. */
  readonly openUntil: string | null;
  readonly probe: { readonly attempt: string; readonly until: string } | null;
};

export const closed: Breaker = { faults: 0, trips: 0, openUntil: null, probe: null };

/** A hiccup causes fewer; an outage causes three within minutes. */
const faultsToOpen = 3;
const firstOpenMs = 10 * minuteMs;
const longestOpenMs = 6 * hourMs;
/** Longer than a run: a probe that has not reported by then has died. */
const probeMs = 15 * minuteMs;

const times = { openUntil: longestOpenMs, probe: { until: probeMs } } as const;

/** `probe` admits only the attempt that claims it. */
export function admits(breaker: Breaker, now: Date): 'yes' | 'probe' | 'no' {
  const { openUntil, probe } = cutTimes(breaker, times, now).value;
  if (openUntil === null) return 'yes';
  if (now < new Date(openUntil) || (probe && now < new Date(probe.until))) return 'no';
  return 'probe';
}

export function withProbe(breaker: Breaker, attempt: string, now: Date): Breaker {
  if (admits(breaker, now) !== 'probe') return breaker;
  return { ...breaker, probe: { attempt, until: addMs(now, probeMs).toISOString() } };
}

/** Called after the CA failed an attempt. An attempt that was under way when the breaker opened says nothing new. */
export function afterFault(breaker: Breaker, attempt: string, now: Date): Breaker {
  const { faults, openUntil, probe, trips } = breaker;
  if (openUntil !== null) {
    const isProbe = probe?.attempt === attempt;
    return isProbe || now >= new Date(openUntil) ? opened(trips + 1, now) : breaker;
  }
  return faults + 1 < faultsToOpen ? { ...breaker, faults: faults + 1 } : opened(1, now);
}

/** Called after the CA did its part, even by a justified refusal. */
export function afterLife(breaker: Breaker): Breaker {
  return breaker.faults === 0 && breaker.openUntil === null ? breaker : closed;
}

/** Called after an attempt that ended before the CA was needed: another one may try. */
export function afterNothing(breaker: Breaker, attempt: string): Breaker {
  return breaker.probe?.attempt === attempt ? { ...breaker, probe: null } : breaker;
}

function opened(trips: number, now: Date): Breaker {
  const forMs = Math.min(firstOpenMs * 2 ** (trips - 1), longestOpenMs);
  return { faults: 0, trips, openUntil: addMs(now, forMs).toISOString(), probe: null };
}
