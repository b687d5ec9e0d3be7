import { dayMs } from '#shared/time/clock.ts';
import type { CertificateRecord } from './record.ts';

/** A pause that nobody remembers must end. */
export const longestPauseMs = 90 * dayMs;

/** Returns until when a person lets no renewal begin; null where nobody does. */
export function pausedUntil({ paused }: Pick<CertificateRecord, 'paused'>, now: Date): Date | null {
  if (!paused) return null;
  const until = new Date(paused.until);
  return until > now ? until : null;
}
