import type { LedgerEvent } from '#shared/ledger/record/record.ts';

type BehindFacts = {
  readonly region: string;
  readonly certificates: number;
  readonly reason: string | null;
};

/** Sent once for a region and the time since which it is behind. */
export function regionBehindEvent(
  { region, certificates, reason }: BehindFacts,
  since: string,
  now: Date,
): LedgerEvent {
  return {
    id: `${region}-behind-${since}`,
    type: 'region-behind',
    at: now.toISOString(),
    certificate: null,
    severity: 'warning',
    summary:
      certificates > 0
        ? `The copies in ${region} are behind`
        : `certkeep cannot see which copies ${region} holds`,
    details: {
      stage: 'sync',
      region,
      certificates,
      since,
      reason,
      nextStep:
        'Check that the stack of that region is deployed and that its KMS key is enabled. Renewals continue, endpoints keep their certificates, and certkeep keeps trying.',
    },
  };
}

/** Sent where people were told that it is behind. */
export function regionInSyncEvent(region: string, since: string, now: Date): LedgerEvent {
  return {
    id: `${region}-in-sync-${since}`,
    type: 'region-in-sync',
    at: now.toISOString(),
    certificate: null,
    severity: 'info',
    summary: `The copies in ${region} are in sync again`,
    details: { stage: 'sync', region, since },
  };
}
