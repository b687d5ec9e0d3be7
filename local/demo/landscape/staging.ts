import { type AcmeCa, type AcmeCaOptions, startAcmeCa } from 'local-cloud/ca/acme-ca.ts';
import type { Cloud } from 'local-cloud/cloud.ts';
import type { Config } from '#shared/config/config.ts';
import { rehearsalObstacle } from '#shared/issuers/rehearsal.ts';
import type { Clock } from '#shared/time/clock.ts';

/** The issuers whose renewals can be rehearsed. */
export function rehearsable({ issuers }: Pick<Config, 'issuers'>): readonly string[] {
  return Object.keys(issuers).filter((name) => rehearsalObstacle(name, issuers[name]) === null);
}

/** Starts the CA that stands in for all staging directories; null where the configuration leads to none. */
export async function startStaging(
  cloud: Cloud,
  config: Pick<Config, 'issuers'>,
  clock: Clock,
  options: Partial<AcmeCaOptions> = {},
): Promise<AcmeCa | null> {
  if (rehearsable(config).length === 0) return null;
  const { dns, faults, httpPort } = cloud;
  return startAcmeCa({
    ...{ clock, faults, resolver: dns.address, httpPort: (name) => httpPort(name) ?? 80 },
    ...options,
  });
}
