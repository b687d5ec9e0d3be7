import { createHash } from 'node:crypto';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type {
  AcmImport,
  CertificateRecord,
  LedgerEvent,
  RetiredArn,
} from '#shared/ledger/record/record.ts';
import { dayMs } from '#shared/time/clock.ts';

type Use = NonNullable<RetiredArn['use']>;

/** The same as for a certificate that is not renewed in time (acquire/events.ts). */
const criticalDays = 3;

/**
 * Adds an event for each earlier ARN that somebody still uses: when that is found, and again when a threshold (days before
 * its end) is crossed, including the end itself. Returns the same record where people know everything.
 */
export function withStillUsedTold(
  record: CertificateRecord,
  thresholds: readonly number[],
  now: Date,
): CertificateRecord {
  return Object.entries(record.imports).reduce(
    (all, [place, entry]) =>
      entry.retired.reduce((told, retired) => tellOf(told, place, retired, thresholds, now), all),
    record,
  );
}

function tellOf(
  record: CertificateRecord,
  place: string,
  retired: RetiredArn,
  thresholds: readonly number[],
  now: Date,
): CertificateRecord {
  const entry = record.imports[place];
  const { use } = retired;
  if (!entry || !use) return record;
  const crossed = crossedBy(use, thresholds, now);
  if (!isNews(record.usesTold[retired.arn], use, crossed)) return record;
  const changed = withUseTold(record, retired.arn, { since: use.since, threshold: crossed });
  return withEvent(
    changed,
    stillUsedEvent(record.id, { place, entry, use, crossed, now }, retired),
  );
}

/** Returns the lowest crossed threshold, or null before any. */
function crossedBy({ notAfter }: Use, thresholds: readonly number[], now: Date): number | null {
  if (notAfter === null) return null;
  const crossed = [...thresholds, 0].filter((days) => daysLeft(notAfter, now) <= days);
  return crossed.length > 0 ? Math.min(...crossed) : null;
}

type UseTold = CertificateRecord['usesTold'][string];

function isNews(told: UseTold | undefined, { since }: Use, crossed: number | null): boolean {
  if (told?.since !== since) return true;
  return crossed !== null && (told.threshold === null || crossed < told.threshold);
}

/** Drops the reports about ARNs that are gone. */
function withUseTold(record: CertificateRecord, arn: string, told: UseTold): CertificateRecord {
  const retired = Object.values(record.imports).flatMap((entry) => entry.retired);
  const kept = Object.entries(record.usesTold).filter(([each]) =>
    retired.some((one) => one.arn === each),
  );
  return { ...record, usesTold: { ...Object.fromEntries(kept), [arn]: told } };
}

type Told = {
  readonly place: string;
  readonly entry: AcmImport;
  readonly use: Use;
  readonly crossed: number | null;
  readonly now: Date;
};

function stillUsedEvent(
  certificate: string,
  { place, entry, use, crossed, now }: Told,
  { arn }: RetiredArn,
): LedgerEvent {
  const { by, notAfter, since } = use;
  const left = notAfter === null ? null : daysLeft(notAfter, now);
  const what = left !== null && left <= 0 ? 'that has expired is still used' : 'is still used';
  const bindInstead = entry.publishedArn ?? entry.arn;
  return {
    id: `${certificate}-still-used-${short(arn)}-${Date.parse(since)}-${crossed ?? 'found'}`,
    type: 'still-used',
    at: now.toISOString(),
    certificate,
    severity: left !== null && left <= criticalDays ? 'critical' : 'warning',
    summary: `${certificate}: an earlier ACM certificate ${what} by ${usersText(by)}`,
    details: {
      stage: 'import',
      place,
      arn,
      usedBy: by.join(', '),
      notAfter,
      threshold: crossed,
      bindInstead,
      nextStep: `Bind ${bindInstead ?? 'the present ARN'} there: certkeep no longer renews the earlier one.`,
    },
  };
}

/** Returns names that fit into a subject: the ARNs stand below. */
function usersText([first = '', ...others]: readonly string[]): string {
  return others.length === 0 ? nameOf(first) : `${nameOf(first)} and ${others.length} more`;
}

/** Returns `shop` for `…:loadbalancer/app/shop/0123456789abcdef`, and for others the part after the account. */
function nameOf(arn: string): string {
  const resource = arn.split(':').slice(5).join(':');
  return /^loadbalancer\/(?:(?:app|net)\/)?([^/]+)/.exec(resource)?.[1] ?? (resource || arn);
}

function daysLeft(notAfter: string, now: Date): number {
  return (Date.parse(notAfter) - now.getTime()) / dayMs;
}

function short(arn: string): string {
  return createHash('sha256').update(arn).digest('hex').slice(0, 8);
}
