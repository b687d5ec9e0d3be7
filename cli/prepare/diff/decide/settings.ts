import { isWishTooLong } from '#shared/acquire/renewal/renewal-time.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { desiredVersion } from '#shared/ledger/record/record.ts';
import { isSame } from './affected.ts';
import type { Cause } from './cause.ts';
import type { Difference } from './difference.ts';
import { day, orderText, renewalOf, renewalText } from './when.ts';

/** What changes in the lines of a certificate besides its names and targets. */
export function settingDifferences(
  before: CertificateConfig,
  after: CertificateConfig,
  cause: Cause,
): readonly Difference[] {
  const changed = (kind: Difference['kind'], text: string, effect: string): Difference => ({
    ...{ sign: '~', kind, certificates: [after.id], what: after.id, text, effect },
  });
  const list: Difference[] = [];
  if (before.key !== after.key) {
    list.push(changed('key', `key ${before.key} → ${after.key}`, keyEffect(cause)));
  }
  if (!isSame(before.issuers, after.issuers)) {
    const [from, to] = [before, after].map(({ issuers }) => issuers.join(', '));
    list.push(changed('issuers', `issuer ${from} → ${to}`, issuerEffect(before, after, cause)));
  }
  if (before.rotation !== after.rotation) {
    const key = after.rotation === 'reuse' ? 'keeps the key' : 'makes a new key';
    const effect = `no order now; ${renewalText(cause)} ${key}`;
    list.push(changed('setting', `rotation ${before.rotation} → ${after.rotation}`, effect));
  }
  if (before.renewBeforeDays !== after.renewBeforeDays) {
    const text = `renewBefore ${daysText(before)} → ${daysText(after)}`;
    list.push(changed('renewal', text, renewalEffect(before, after, cause)));
  }
  if (!isSame(before.maintenance, after.maintenance)) {
    const text = `maintenance ${presence(before.maintenance, after.maintenance)}`;
    list.push(changed('renewal', text, renewalEffect(before, after, cause)));
  }
  if (!isSame(before.rollout, after.rollout)) {
    const text = `rollout ${presence(before.rollout, after.rollout)}`;
    list.push(changed('setting', text, 'the next version goes to its places in that order'));
  }
  if (before.owner !== after.owner) {
    const text = `owner ${before.owner ?? 'none'} → ${after.owner ?? 'none'}`;
    list.push(changed('setting', text, 'messages about it go to those who chose that owner'));
  }
  if (before.adopt !== after.adopt) {
    const effect = 'it counts when a certificate of others is next found at a target';
    list.push(changed('setting', `adopt ${before.adopt} → ${after.adopt}`, effect));
  }
  return list;
}

function keyEffect(cause: Cause): string {
  return orderText(cause) || `the stored certificate has such a key already`;
}

/** All issuers of the list are equally good: check orders only where the present CA is not among them any more. */
function issuerEffect(before: CertificateConfig, after: CertificateConfig, cause: Cause): string {
  const ordered = orderText(cause);
  if (ordered) return ordered;
  const first = after.issuers[0];
  const next = `no order now: the CA of the present certificate is still in the list`;
  return before.issuers[0] === first ? next : `${next}; ${renewalText(cause)} asks ${first} first`;
}

/** The time of the next renewal, before and after. */
function renewalEffect(before: CertificateConfig, after: CertificateConfig, cause: Cause): string {
  const ordered = orderText(cause, 'due at once: a new certificate');
  if (ordered) return ordered;
  const { record } = cause.situation;
  const version = desiredVersion(record);
  if (!version) return 'it counts from the first certificate on';
  const ignored = isWishTooLong(version, after)
    ? 'about as long as the life of the certificate, so it is not followed; '
    : '';
  const [from, to] = [before, after].map((certificate) => {
    const at = renewalOf({ ...cause.situation, certificate });
    return at === null ? '' : day(at);
  });
  const moved = from === to ? `still renews on ${to}` : `renews on ${to} instead of ${from}`;
  return `${ignored}no order now: ${moved}`;
}

function daysText({ renewBeforeDays: days }: CertificateConfig): string {
  if (days === undefined) return 'by itself';
  return Number.isInteger(days) ? `${days}d` : `${Number((days * 24).toFixed(1))}h`;
}

function presence(before: unknown, after: unknown): string {
  if (before === undefined) return 'added';
  return after === undefined ? 'taken away' : 'changed';
}
