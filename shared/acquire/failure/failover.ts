import type { CertificateConfig } from '#shared/config/config.ts';
import { type CertkeepError, isCertkeepError } from '#shared/errors.ts';
import type { Attempt, Version } from '#shared/ledger/record/record.ts';
import { isTooLongFor, lastPartOf } from '../renewal/renewal-time.ts';
import { faultOf } from './fault.ts';

export type FailoverSituation = {
  readonly certificate: Pick<CertificateConfig, 'issuers' | 'renewBeforeDays'>;
  /** The attempt as it was before this failure. */
  readonly attempt: Pick<Attempt, 'issuer' | 'tried' | 'faults'>;
  readonly error: unknown;
  /** The version in service. */
  readonly version: Version | null;
  /** Issuers that do not work, as other certificates found. */
  readonly open: ReadonlySet<string>;
  readonly now: Date;
};

export type Failover = {
  readonly issuer: string;
  /** The issuers that were tried in this renewal. */
  readonly tried: readonly string[];
  /** True while some issuer was not tried; after that the waits grow as after any failure. */
  readonly atOnce: boolean;
};

/** With the usual waits a few minutes, enough for a hiccup. */
const patience = 3;

/**
 * Returns the issuer that replaces the one that failed an attempt. Null where it stays: for a failure that every CA would
 * have, for one that patience may repair, and where there is no other issuer.
 */
export function failoverAfter(situation: FailoverSituation): Failover | null {
  const { attempt, certificate, open } = situation;
  const { issuers } = certificate;
  if (issuers.length < 2) return null;
  const tried = [...new Set([...(attempt.tried ?? []), attempt.issuer])];
  const untried = issuers.filter((issuer) => !tried.includes(issuer));
  if (!isEnough(situation, untried.length === 0)) return null;
  const next = untried.find((issuer) => !open.has(issuer));
  if (next) return { issuer: next, tried, atOnce: true };
  // All were tried, or are known not to work: they follow each other.
  const at = issuers.indexOf(attempt.issuer);
  const others = [...issuers.slice(at + 1), ...issuers.slice(0, Math.max(at, 0))];
  const issuer = others.find((each) => !open.has(each)) ?? (others[0] as string);
  return { issuer, tried: [...new Set([...tried, ...untried])], atOnce: false };
}

/** Returns after how many failures of one kind in a row another issuer takes over; null where none does. */
export function failuresUntilFailover(situation: FailoverSituation): number | null {
  for (let faults = 0; faults < patience; faults += 1) {
    const attempt = { ...situation.attempt, faults };
    if (failoverAfter({ ...situation, attempt })) return faults + 1;
  }
  return null;
}

function isEnough(situation: FailoverSituation, allTried: boolean): boolean {
  const { attempt, error, open } = situation;
  switch (faultOf(error)) {
    case 'ours':
    case 'nobodys':
      return false;
    case 'limited':
      return isTooLong(error as CertkeepError, situation);
    case 'refusal':
      // Waiting repairs nothing.
      return true;
    case 'unclear':
      return isInDanger(situation) && (attempt.faults ?? 0) + 1 >= patience;
    case 'theirs':
      return (
        allTried ||
        isCertkeepError(error, 'OrderStuck') ||
        open.has(attempt.issuer) ||
        (attempt.faults ?? 0) + 1 >= patience ||
        isTooLong(error as CertkeepError, situation) ||
        isUrgent(situation)
      );
  }
}

function isTooLong({ retryAt }: CertkeepError, { attempt, now, version }: FailoverSituation) {
  // Without a time it is a failure like others (ledger/backoff.ts).
  if (!retryAt) return (attempt.faults ?? 0) + 1 >= patience;
  return isTooLongFor(version?.notAfter ?? null, retryAt, now);
}

/** A try that is not known to be in vain is worth making. */
function isInDanger(situation: FailoverSituation): boolean {
  return situation.version === null || isUrgent(situation);
}

function isUrgent({ certificate, now, version }: FailoverSituation): boolean {
  return version !== null && now >= lastPartOf(version, certificate);
}
