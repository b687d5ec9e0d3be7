import { dayMs } from '#shared/clock.ts';
import type { CertificateConfig } from '#shared/config/config.ts';
import { type CertificateRecord, desiredVersion, type Version } from '#shared/ledger/record.ts';

/** What the rules look at: the wish, what is known, and the time. */
export type Situation = {
  readonly certificate: CertificateConfig;
  readonly record: CertificateRecord;
  readonly now: Date;
};

export type Reason = {
  readonly rule:
    | 'missing'
    | 'forced'
    | 'names-changed'
    | 'key-changed'
    | 'issuer-changed'
    | 'expired'
    | 'lifetime-passed';
  /** For a person: `expires in 5 days, renewal was due 25 days ago`. */
  readonly text: string;
};

type Rule = (version: Version, situation: Situation) => Reason | null;

/** Why a certificate is issued. The first rule that speaks is the reason; reading the list is reading the policy. */
const rules: readonly Rule[] = [
  // A person asked for it.
  forced,
  // The configuration asks for another certificate than the one we have.
  namesChanged,
  keyChanged,
  issuerChanged,
  // The certificate we have ends.
  expired,
  lifetimePassed,
];

/** The reason to issue now, or null when the certificate is as it should be. */
export function reasonToIssue(situation: Situation): Reason | null {
  const version = desiredVersion(situation.record);
  if (!version) return { rule: 'missing', text: 'there is no certificate yet' };
  for (const rule of rules) {
    const reason = rule(version, situation);
    if (reason) return reason;
  }
  return null;
}

function forced(_version: Version, { record }: Situation): Reason | null {
  if (!record.forced) return null;
  return { rule: 'forced', text: `forced: ${record.forced.reason}` };
}

function namesChanged(version: Version, { certificate }: Situation): Reason | null {
  const added = certificate.names.filter((name) => !version.names.includes(name));
  const removed = version.names.filter((name) => !certificate.names.includes(name));
  if (added.length === 0 && removed.length === 0) return null;
  const parts = [...added.map((name) => `+${name}`), ...removed.map((name) => `-${name}`)];
  return { rule: 'names-changed', text: `names changed: ${parts.join(' ')}` };
}

function keyChanged(version: Version, { certificate }: Situation): Reason | null {
  if (version.keyAlgorithm === certificate.key) return null;
  return {
    rule: 'key-changed',
    text: `key changed: ${version.keyAlgorithm} to ${certificate.key}`,
  };
}

function issuerChanged(version: Version, { certificate }: Situation): Reason | null {
  if (certificate.issuers.includes(version.issuer)) return null;
  return {
    rule: 'issuer-changed',
    text: `issuer changed: ${version.issuer} to ${certificate.issuers[0]}`,
  };
}

function expired(version: Version, { now }: Situation): Reason | null {
  const ago = now.getTime() - Date.parse(version.notAfter);
  return ago < 0 ? null : { rule: 'expired', text: `expired ${days(ago)} ago` };
}

function lifetimePassed(version: Version, { certificate, now }: Situation): Reason | null {
  const due = renewalDue(version, certificate);
  if (now < due) return null;
  const left = Date.parse(version.notAfter) - now.getTime();
  return { rule: 'lifetime-passed', text: `expires in ${days(left)}` };
}

/**
 * When the renewal of a version is due: `renewBeforeDays` before its end where that is configured and
 * shorter than its life, else with a third of the real lifetime left, or half of it under ten days
 * (Let's Encrypt's integration guide, https://letsencrypt.org/docs/integration-guide/).
 */
export function renewalDue(
  version: Pick<Version, 'notBefore' | 'notAfter'>,
  certificate: Pick<CertificateConfig, 'renewBeforeDays'>,
): Date {
  const end = Date.parse(version.notAfter);
  const lifetime = end - Date.parse(version.notBefore);
  const configured = (certificate.renewBeforeDays ?? Number.POSITIVE_INFINITY) * dayMs;
  const byLifetime = lifetime < 10 * dayMs ? lifetime / 2 : lifetime / 3;
  return new Date(end - (configured < lifetime ? configured : byLifetime));
}

function days(ms: number): string {
  const count = Math.floor(ms / dayMs);
  if (count >= 1) return count === 1 ? '1 day' : `${count} days`;
  const hours = Math.floor(ms / (dayMs / 24));
  return hours === 1 ? '1 hour' : `${hours} hours`;
}
