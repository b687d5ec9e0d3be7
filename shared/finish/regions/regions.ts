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

/** What the records say of a replica region that does not hold every desired version. */
export type RegionBehind = {
  readonly region: string;
  /** How many are behind. */
  readonly certificates: number;
  /** Since when the first of them is, as sync found it; null where it has looked at none. ISO 8601, as are all times here. */
  readonly since: string | null;
  /** When the newest of the versions behind was issued. */
  readonly newest: string;
  /** The reason that is given most often. */
  readonly reason: string | null;
};

/** What check remembers of a region between its runs. Lost, it costs one more run and one more message. */
export const regionStateSchema = ledgerObject({
  /** When check first saw it behind. */
  since: z.iso.datetime(),
  /** When sync was last started for it, and what was behind then. */
  startedAt: z.iso.datetime(),
  certificates: z.int(),
  newest: z.string(),
  reason: z.nullable(z.string()),
  /** How often it was started without anything becoming better. */
  runs: z.int(),
  /** Since when it was behind when people were told so; null while they were not. */
  told: z.nullable(z.iso.datetime()),
});

export type RegionState = Readonly<z.infer<typeof regionStateSchema>>;

export type RegionDecision = {
  /** Whether sync is to be started with `{region}` now. */
  readonly action: 'start' | 'wait';
  /** To be published before `next` is kept: its id is made of facts, so that a repeat is dropped. */
  readonly event: LedgerEvent | null;
  /** Null where there is nothing to remember. */
  readonly next: RegionState | null;
};

/** Until then sync is at work, started by the issued event itself. */
const syncTakesMs = 10 * minuteMs;
/** How long a region may be behind before people hear of it. */
const patienceMs = 30 * minuteMs;
/** With every second run sync sees what came of what it asked for in the run before, one check earlier. */
const nextCheckMs = 5 * minuteMs;
const firstDelayMs = 20 * minuteMs;
const longestDelayMs = hourMs;

/** The regions that are behind, by the records of the certificates in the configuration. */
export function regionsBehind(
  records: readonly CertificateRecord[],
  config: Pick<Config, 'replicas' | 'certificates'>,
  now: Date,
): readonly RegionBehind[] {
  const configured = new Set(config.certificates.map(({ id }) => id));
  const wanted = records.filter(({ id }) => configured.has(id));
  return config.replicas.flatMap((region) => {
    const behind = wanted.filter((record) => isOverdue(record, region, now));
    return behind.length > 0 ? [summaryOf(region, behind)] : [];
  });
}

function isOverdue(record: CertificateRecord, region: string, now: Date): boolean {
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
 * Whether sync is to look at a region now: at once when something has changed since the last run (fewer or newer
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

/** One message when something has been behind for a while, and one when nothing has any more. */
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
