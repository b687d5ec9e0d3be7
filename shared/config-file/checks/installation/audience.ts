import type { AddressConfig } from '#shared/config/config.ts';
import type { Finding } from '#shared/schema/finding.ts';
import { nearest } from '#shared/text/suggest.ts';
import type { CertificateDraft, Draft } from '../../draft.ts';

/** Somebody has to hear of these. */
const troubles = ['critical', 'warning'] as const;

/**
 * Nobody hears of trouble that no address takes. That of the installation itself has no owner, and goes to the same addresses
 * as that of certificates without one.
 */
export function everythingIsHeard({ alerts, certificates }: Draft): readonly Finding[] {
  // Another warning says that nobody hears of anything.
  if (alerts.email.length === 0) return [];
  const addresses = alerts.email.map(({ value }) => value);
  const byOwner = Map.groupBy(certificates, ({ owner }) => owner);
  const ofNobody = byOwner.get(null) ?? [];
  byOwner.delete(null);
  return [
    ...installationIsHeard(addresses, ofNobody),
    ...[...byOwner].flatMap(([owner, own]) => ownerIsHeard(owner ?? '', own, addresses)),
  ];
}

function installationIsHeard(
  addresses: readonly AddressConfig[],
  ofNobody: readonly CertificateDraft[],
): readonly Finding[] {
  const missing = unheard(null, addresses);
  if (missing.length === 0) return [];
  const also =
    ofNobody.length > 0 ? `, and of certificates without an owner: ${idsText(ofNobody)}` : '';
  const message = `has no address that hears of ${troubleText(missing)} of certkeep itself${also}`;
  const fix = `Add an address without "owners:"${severitiesText(missing)}.`;
  return [{ path: ['alerts', 'email'], message, fix }];
}

function ownerIsHeard(
  owner: string,
  own: readonly CertificateDraft[],
  addresses: readonly AddressConfig[],
): readonly Finding[] {
  const missing = unheard(owner, addresses);
  if (missing.length === 0) return [];
  const message = `is an owner, and no address hears of ${troubleText(missing)} of ${idsText(own)}`;
  const fix = `Add an address with "owners: [${owner}]"${severitiesText(missing)}, or one without "owners:".`;
  return own.slice(0, 1).map(({ id }) => ({ path: ['certificates', id, 'owner'], message, fix }));
}

function unheard(owner: string | null, addresses: readonly AddressConfig[]): readonly string[] {
  const near = addresses.filter(
    ({ owners }) => !owners || (owner !== null && owners.includes(owner)),
  );
  return troubles.filter((trouble) =>
    near.every(({ severities }) => severities && !severities.includes(trouble)),
  );
}

function troubleText(missing: readonly string[]): string {
  return missing.length < troubles.length ? `${missing.join()} trouble` : 'trouble';
}

function severitiesText(missing: readonly string[]): string {
  return missing.length < troubles.length ? ` that takes "${missing.join()}"` : '';
}

function idsText([first, ...others]: readonly CertificateDraft[]): string {
  return `${first?.id}${others.length > 0 ? ` and ${others.length} more` : ''}`;
}

/** An address that waits for what never comes. */
export function addressesMayHear({ alerts, certificates }: Draft): readonly Finding[] {
  const known = new Set(certificates.flatMap(({ owner }) => owner ?? []));
  return alerts.email.flatMap(({ at, value: { owners = [], severities } }) => {
    const path = ['alerts', 'email', at];
    const strangers = owners.flatMap((owner, index) =>
      known.has(owner)
        ? []
        : [
            {
              path: [...path, 'owners', index],
              message: 'is the owner of no certificate',
              fix: meantFix(owner, known),
            },
          ],
    );
    if (owners.length === 0 || severities?.join() !== 'info') return strangers;
    const message = 'hears of nothing: only trouble has owners';
    const fix = 'Add "warning" or "critical", or leave "owners:" out.';
    return [...strangers, { path: [...path, 'severities'], message, fix }];
  });
}

function meantFix(owner: string, known: ReadonlySet<string>): string {
  const meant = nearest(owner, known);
  return meant
    ? `Did you mean "${meant}"?`
    : `Write "owner: ${owner}" at its certificates, or remove it here.`;
}
