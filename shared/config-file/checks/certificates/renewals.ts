import type { Finding } from '#shared/schema/finding.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';
import { lifeOf } from '../issuers/known-authorities.ts';

/** certkeep would ignore one of the two settings. */
export function renewalsAreSaidOnce({ certificates }: Draft): readonly Finding[] {
  return certificates
    .filter(({ renewBefore }) => renewBefore.length > 1)
    .map(({ id }) => ({
      path: ['certificates', id, 'renewBefore'],
      message: 'stands beside renewBeforeDays, which says the same',
      fix: 'Keep one of the two.',
    }));
}

/** A renewal with more than half of the lifetime left doubles the orders, and one with the whole lifetime left never ends. */
export function renewalsFitLives(draft: Draft): readonly Finding[] {
  return draft.certificates.flatMap((certificate) => {
    const [wish] = certificate.renewBefore;
    const lifeMs = shortestLife(certificate, draft);
    if (!wish || lifeMs === null || wish.hours * hourMs < lifeMs / 2) return [];
    const life = spanText(lifeMs);
    const leftMs = lifeMs - wish.hours * hourMs;
    return [
      {
        path: ['certificates', certificate.id, wish.key],
        message:
          leftMs <= 0
            ? `is as long as the ${life} that such a certificate lives, or longer: it cannot be followed`
            : `is at least half of the ${life} that such a certificate lives: one is issued every ${spanText(leftMs)}`,
        fix: `Write less than ${spanText(lifeMs / 2)}, or remove it: by default the CA says when, or ${lifeMs < 10 * dayMs ? 'half' : 'a third'} of the life is left.`,
      },
    ];
  });
}

/** A threshold as long as the lifetime has passed when the certificate begins, so no alert would follow. */
export function alertsFitLives(draft: Draft): readonly Finding[] {
  const { certificates, alerts } = draft;
  const lives = certificates.map((each) => ({ id: each.id, lifeMs: longestLife(each, draft) }));
  const known = lives.flatMap(({ id, lifeMs }) => (lifeMs === null ? [] : [{ id, lifeMs }]));
  if (alerts.expiringDays.length === 0 || known.length === 0) return [];
  const lowest = Math.min(...alerts.expiringDays.map(({ value }) => value)) * dayMs;
  const silent = known.filter(({ lifeMs }) => lowest >= lifeMs);
  if (silent[0]) {
    const others = silent.length > 1 ? ` (and ${silent.length - 1} more)` : '';
    return [
      {
        path: ['alerts', 'expiringDays'],
        value: '',
        message: `are all longer than the ${spanText(silent[0].lifeMs)} that ${silent[0].id}${others} lives: nobody gets a warning of its end`,
        fix: `Add days below half of that life: ${thresholdsFor(silent[0].lifeMs)}.`,
      },
    ];
  }
  if (known.length < lives.length) return [];
  const longest = Math.max(...known.map(({ lifeMs }) => lifeMs));
  return alerts.expiringDays
    .filter(({ value }) => value * dayMs >= longest)
    .map(({ at }) => ({
      path: ['alerts', 'expiringDays', at],
      message: `is longer than the ${spanText(longest)} that the certificates of this file live at most: certkeep never sends this warning`,
      fix: 'Remove it, or write fewer days.',
    }));
}

function thresholdsFor(lifeMs: number): string {
  return [1, 2, 3, 7, 14, 21]
    .filter((days) => days * dayMs < lifeMs / 2)
    .toReversed()
    .join(', ');
}

/** The lifetimes at the CAs that may issue the certificate, where they are known. */
function livesOf({ issuers }: CertificateDraft, { issuerConfigs }: Draft) {
  return issuers.map(({ value }) => {
    const issuer = issuerConfigs.get(value);
    return issuer ? lifeOf(issuer) : null;
  });
}

export function shortestLife(certificate: CertificateDraft, draft: Draft): number | null {
  const known = livesOf(certificate, draft).filter((lifeMs) => lifeMs !== null);
  return known.length > 0 ? Math.min(...known) : null;
}

/** Null where one of the lifetimes is unknown. */
function longestLife(certificate: CertificateDraft, draft: Draft): number | null {
  const lives = livesOf(certificate, draft);
  const known = lives.filter((lifeMs) => lifeMs !== null);
  return known.length > 0 && known.length === lives.length ? Math.max(...known) : null;
}

export function spanText(ms: number): string {
  const hours = Math.round(ms / hourMs);
  if (hours % 24 === 0 && hours >= 24) return hours === 24 ? '1 day' : `${hours / 24} days`;
  return hours > 240 ? `${Math.floor(hours / 24)} days` : `${hours} hours`;
}
