import { createHash } from 'node:crypto';
import type { Recalls } from '#shared/acquire/advice/recalls.ts';
import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { hasCopiesOfBefore } from '#shared/finish/regions/region-look.ts';
import { isBehind } from '#shared/finish/regions/regions.ts';
import { isHeld } from '#shared/ledger/lease.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { addMs, hourMs } from '#shared/time/clock.ts';
import { certificateConditions } from '../conditions/certificate-conditions.ts';
import { rankOf } from '../dispatch/piece.ts';
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
  const { action, issue, others } = needsAt(situation, at);
  return action === 'none' && issue === null && others.length === 0 && isSteady(situation, at);
}

/** Says whether a new certificate is due at that time, without hurry, and nothing else. Pure. */
export function isWaiting(situation: Situation, at: Date): boolean {
  const { action, issue, others } = needsAt(situation, at);
  const hasTime = issue?.urgency === 'wanted' || issue?.urgency === 'routine';
  return action === 'issue' && hasTime && others.length === 0 && isSteady(situation, at);
}

/** A text without spaces by which those that wait for their turn are sorted. Pure. */
export function turnOf(situation: Situation, now: Date): string {
  const { issue } = needsAt(situation, now);
  return `${rankOf(issue?.urgency ?? 'routine')}${issue?.endsAt ?? ''}`;
}

function needsAt({ certificate, config, recalls, record }: Situation, at: Date) {
  return needsOf(config, certificate, record, at, recalls);
}

/** Says whether nothing is under way or wrong, and nobody is to be told anything. */
function isSteady(situation: Situation, at: Date): boolean {
  const { certificate, config, record } = situation;
  return (
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
  return whileSo(isQuiet, situation, now);
}

/** The same for one whose only need waits for its turn, and stays the same. Pure. */
export function waitingUntil(situation: Situation, now: Date): Date | null {
  return whileSo(isWaiting, situation, now);
}

function whileSo(isSo: typeof isQuiet, situation: Situation, now: Date): Date | null {
  if (!isSo(situation, now)) return null;
  for (let ms = longestQuietMs * shareOf(situation.record.id); ms >= shortestQuietMs; ms /= 2) {
    const then = addMs(now, ms);
    if (isSo(situation, then)) return then;
  }
  return null;
}

/** From one half to one. */
function shareOf(id: string): number {
  return 0.5 + createHash('sha256').update(id).digest().readUInt8() / 512;
}
