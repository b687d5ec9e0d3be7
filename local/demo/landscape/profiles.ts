import type { Profiles } from 'local-cloud/ca/profiles.ts';
import type { Config } from '#shared/config/config.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';

/** https://letsencrypt.org/docs/profiles/ */
const validityMs: Readonly<Record<string, number>> = {
  classic: 90 * dayMs,
  tlsserver: 45 * dayMs,
  shortlived: 160 * hourMs,
};

/** The CA here has every profile that an issuer orders. */
export function profilesOf(issuers: Config['issuers']): Profiles {
  const named = Object.values(issuers).flatMap(({ profile }) => profile ?? []);
  return Object.fromEntries(
    named.map((profile) => [profile, { validityMs: validityMs[profile] ?? 90 * dayMs }]),
  );
}
