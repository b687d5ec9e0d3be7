import { createHash } from 'node:crypto';
import type { Recalls } from '#shared/acquire/advice/recalls.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { hasCopiesOfBefore } from '#shared/finish/regions/region-look.ts';
import { isBehind } from '#shared/finish/regions/regions.ts';
import { isHeld } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { certificateConditions } from '../conditions/certificate-conditions.ts';
import { needsOf } from '../dispatch/pieces-of.ts';
import { withTold } from '../notify.ts';
import type { SecretSeen } from '../observations/observations.ts';

/** The facts about one certificate. */
export type Situation = {
  readonly config: Config;
  readonly certificate: CertificateConfig;
  readonly record: CertificateRecord;
  readonly secret: SecretSeen | null;
  readonly recalls: Recalls;
};

/** Says whether nothing is due, under way or wrong at that time, and nobody is to be told anything. Pure. */
export function isQuiet(situation: Situation, at: Date): boolean {
  const { certificate, config, recalls, record } = situation;
  const { action, issue, others } = needsOf(config, certificate, record, at, recalls);
  return (
    action === 'none' &&
    issue === null &&
    others.length === 0 &&
    record.outbox.length === 0 &&
    withTold(config, certificate, record, at) === record &&
    !Object.values(record.leases).some((lease) => isHeld(lease, at)) &&
    config.replicas.every(
      (region) => !isBehind(record, region, at) && hasCopiesOfBefore([record], region, at),
    ) &&
    certificateConditions({ ...situation, now: at }, []).every(
      ({ danger, status }) => status === 'true' && danger.severity === 'none',
    )
  );
}

/** A record is read at least so often, whatever is known of it: what is known may be wrong. */
export const longestQuietMs = 6 * hourMs;
const shortestQuietMs = hourMs / 4;

/**
 * Returns until when check need not read the record unless somebody writes it; null where the next check has to read it.
 * Due work stays due until the record changes, so a certificate that is quiet now and at a later time is quiet in between.
 * The times of a fleet are spread. Pure.
 */
export function quietUntil(situation: Situation, now: Date): Date | null {
  if (!isQuiet(situation, now)) return null;
  for (let ms = longestQuietMs * shareOf(situation.record.id); ms >= shortestQuietMs; ms /= 2) {
    const then = addMs(now, ms);
    if (isQuiet(situation, then)) return then;
  }
  return null;
}

/** From one half to one. */
function shareOf(id: string): number {
  return 0.5 + createHash('sha256').update(id).digest().readUInt8() / 512;
}
