import { dayMs } from '#shared/time/clock.ts';
import type { CertificateRecord, Rehearsed } from './record.ts';

/** A wish that could not be fulfilled for so long is not fulfilled any more: nobody waits for it. */
const waitsMs = dayMs;

/** Says whether a person still wants a rehearsal, whose result is not written down. */
export function rehearsalDue(
  { rehearsed, rehearsing }: Pick<CertificateRecord, 'rehearsed' | 'rehearsing'>,
  now: Date,
): boolean {
  if (!rehearsing || Math.abs(now.getTime() - Date.parse(rehearsing.at)) > waitsMs) return false;
  return rehearsed?.wish !== rehearsing.at || rehearsed.doneAt === null;
}

/** Says what was proven, or what failed. Pure. */
export function rehearsalText(rehearsed: Rehearsed): string {
  const { failure, names, validated } = rehearsed;
  const where = rehearsalHost(rehearsed);
  if (failure) return `rehearsal failed at ${where}: ${failure.error}: ${failure.message}`;
  const passed = `rehearsal passed at ${where}`;
  const several = names === 2 ? 'both names were' : `all ${names} names were`;
  const all = names === 1 ? 'its name was' : several;
  if (validated >= names) return `${passed}: ${all} validated`;
  const known = 'still valid there from before, and not asked for again';
  const older = names - validated;
  if (older === names) return `${passed}: ${all} ${known}`;
  return `${passed}: ${validated} of ${names} names were validated; ${older === 1 ? '1 was' : `${older} were`} ${known}`;
}

export function rehearsalHost({ directory }: Pick<Rehearsed, 'directory'>): string {
  return URL.parse(directory)?.host ?? directory;
}
