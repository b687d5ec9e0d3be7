import type { Config } from '#shared/config/config.ts';
import { hasTurns } from '#shared/targets/identities.ts';
import type { Fleet } from './monthly.ts';

const daysOfMonth = 30.4;
/** A 90-day certificate is renewed after 60 days, one of the profile `shortlived` (160 hours) after half of its life. */
const daysBetween = { usual: 60, shortlived: 3.3 };

/** What of a configuration decides its cost. */
export function fleetOf(config: Config): Required<Fleet> {
  const { certificates, issuers, replicas } = config;
  const renewals = certificates.map(({ issuers: [first = ''] }) =>
    issuers[first]?.profile === 'shortlived' ? daysBetween.shortlived : daysBetween.usual,
  );
  return {
    certificates: certificates.length,
    replicas: replicas.length,
    endpoints: certificates.reduce((sum, { targets }) => sum + targets.length, 0),
    renewalsAMonth: renewals.reduce((sum, days) => sum + daysOfMonth / days, 0),
    caAccounts: new Set(certificates.flatMap((each) => each.issuers)).size,
    queues: hasTurns(config) ? 4 : 3,
  };
}
