import * as z from 'zod/mini';
import type { Config } from '#shared/config/config.ts';
import { ledgerObject } from '#shared/ledger/ledger-object.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type LedgerEvent,
} from '#shared/ledger/record/record.ts';
import { cutTimes, past } from '#shared/ledger/record/times.ts';
import { knownReplica, replicaIsBehind } from '#shared/ledger/replica.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { regionBehindEvent, regionInSyncEvent } from './region-events.ts';

/** The state of a replica region that does not hold every desired version, according to the records. */
export type RegionBehind = {
  readonly region: string;
  /** The number of certificates that are behind. */
  readonly certificates: number;
  /**
   * The time since which the first of them is behind, as sync found it; null where sync has looked at none. ISO 8601, like
   * all times here.
   */
  readonly since: string | null;
  /** The time at which the newest of the missing versions was issued. */
  readonly newest: string;
  /** The most frequent reason. */
  readonly reason: string | null;
};

/** Check's memory of a region between its runs. If it is lost, that costs one more run and one more message. */
export const regionStateSchema = ledgerObject({
  /** The time at which check first saw it behind. */
  since: z.iso.datetime(),
  /** The time at which sync was last started for it, and what was behind then. */
  startedAt: z.iso.datetime(),
  certificates: z.int(),
  newest: z.string(),
  reason: z.nullable(z.string()),
  /** The number of starts without any improvement. */
  runs: z.int(),
  /** The time since which it was behind, as reported to people; null if that was not reported. */
  told: z.nullable(z.iso.datetime()),
});

export type RegionState = Readonly<z.infer<typeof regionStateSchema>>;

export type RegionDecision = {
  /** Says whether to start sync with `{region}` now. */
  readonly action: 'start' | 'wait';
  /** Published before `next` is kept: its id is made of facts, so that a repetition is dropped. */
  readonly event: LedgerEvent | null;
  /** Null where there is nothing to remember. */
  readonly next: RegionState | null;
};

/** Until then sync is at work, started by the issued event itself. */
const syncTakesMs = 10 * minuteMs;
/** How long a region may be behind before people hear of it. */
const patienceMs = 30 * minuteMs;
/** With every second run sync sees the results of the requests in the run before, one check earlier. */
const nextCheckMs = 5 * minuteMs;
const firstDelayMs = 20 * minuteMs;
const longestDelayMs = hourMs;

/** Returns the regions that are behind, by the records of the configured certificates. */
export function regionsBehind(
  records: readonly CertificateRecord[],
  config: Pick<Config, 'replicas' | 'certificates'>,
  now: Date,
): readonly RegionBehind[] {
  const configured = new Set(config.certificates.map(({ id }) => id));
  const wanted = records.filter(({ id }) => configured.has(id));
  return config.replicas.flatMap((region) => {
    const behind = wanted.filter((record) => isBehind(record, region, now));
    return behind.length > 0 ? [summaryOf(region, behind)] : [];
  });
}

/** Says whether the region lacks the desired version for longer than sync takes. */
export function isBehind(record: CertificateRecord, region: string, now: Date): boolean {
  if (!replicaIsBehind(record, region)) return false;
  const version = desiredVersion(record);
  if (!version || knownReplica(record, region)) return version !== null;
  return addMs(new Date(version.issuedAt), syncTakesMs) < now;
}

function summaryOf(region: string, behind: readonly CertificateRecord[]): RegionBehind {
  const known = behind.flatMap((record) => knownReplica(record, region) ?? []);
  const issued = behind.flatMap((record) => desiredVersion(record)?.issuedAt ?? []);
  const reasons = Map.groupBy(known, ({ reason }) => reason);
  const [mostGiven] = [...reasons].sort(
    ([a, one], [b, other]) => other.length - one.length || (String(a) < String(b) ? -1 : 1),
  );
  return {
    region,
    certificates: behind.length,
    since: known.map(({ syncedAt }) => syncedAt).sort()[0] ?? null,
    newest: issued.sort().at(-1) ?? '',
    reason: mostGiven?.[0] ?? null,
  };
}

/**
 * Decides whether sync looks at a region now: at once when something has changed since the last run (fewer or newer
 * versions behind, another reason), else with growing waits of up to an hour. `behind` is null where it is in sync.
 */
export function decideRegion(
  region: string,
  behind: RegionBehind | null,
  known: RegionState | null,
  now: Date,
): RegionDecision {
  const state = cutTimes(known, { since: past, startedAt: past, told: past }, now).value;
  if (!behind) {
    const event = state?.told ? regionInSyncEvent(region, state.told, now) : null;
    return { action: 'wait', event, next: null };
  }
  const at = now.toISOString();
  const seen = state ?? { since: at, told: null };
  const { event, told } = toTell(behind, seen, now);
  if (
    state &&
    !hasChanged(behind, state) &&
    addMs(new Date(state.startedAt), delayMs(state)) > now
  ) {
    return { action: 'wait', event, next: { ...state, told } };
  }
  const runs = state && !hasChanged(behind, state) ? state.runs + 1 : 1;
  const { certificates, newest, reason } = behind;
  const begun = { since: seen.since, startedAt: at, certificates, newest, reason, runs, told };
  const next = { ...state, ...begun };
  return { action: 'start', event, next };
}

function hasChanged(behind: RegionBehind, state: RegionState): boolean {
  const isBetter = behind.certificates < state.certificates;
  return isBetter || behind.newest > state.newest || behind.reason !== state.reason;
}

function delayMs({ runs }: RegionState): number {
  if (runs % 2 === 1) return nextCheckMs;
  return Math.min(longestDelayMs, firstDelayMs * 2 ** (runs / 2 - 1));
}

/** Returns one message when something has been behind for a while, and one when nothing is any more. */
function toTell(
  behind: RegionBehind,
  { since, told }: Pick<RegionState, 'since' | 'told'>,
  now: Date,
): { readonly event: LedgerEvent | null; readonly told: string | null } {
  const lagsSince = behind.since ?? since;
  const isLong = addMs(new Date(lagsSince), patienceMs) <= now;
  if (isLong && !told) {
    return { event: regionBehindEvent(behind, lagsSince, now), told: lagsSince };
  }
  if (!isLong && told) return { event: regionInSyncEvent(behind.region, told, now), told: null };
  return { event: null, told };
}
