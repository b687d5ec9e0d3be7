import type { CertificateConfig, Config } from '#shared/config/config.ts';
import { issuerAt } from '#shared/issuers/same-directory.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import { isBarred, putAside } from '#shared/ledger/record/chosen.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import { quoted } from '#shared/text/plain-text.ts';
import type { Recalls } from '../advice/recalls.ts';
import { mayBeRevoked } from '../advice/renewal-info.ts';
import { opensAt } from './maintenance.ts';
import { adviceFrom, durationText, lastPartOf, renewalDue } from './renewal-time.ts';

/** The input of the rules: the wish, the known facts, and the time. */
export type Situation = {
  readonly certificate: CertificateConfig;
  /** Issuers of the configuration, at least those that the certificate names. */
  readonly issuers: Config['issuers'];
  readonly record: CertificateRecord;
  /** The CAs that may want all of their certificates replaced; none unless given. */
  readonly recalls?: Recalls;
  readonly now: Date;
};

export type Reason = {
  readonly rule:
    | 'missing'
    | 'forced'
    | 'revoked'
    | 'may-be-revoked'
    | 'expired'
    | 'ends-soon'
    | 'barred'
    | 'names-changed'
    | 'key-changed'
    | 'issuer-changed'
    | 'profile-changed'
    | 'renewal-advised'
    | 'lifetime-passed';
  /** The text for a person: `expires in 5 days, renewal was due 25 days ago`. */
  readonly text: string;
  /** Set if it may wait for a maintenance window, or for the end of a pause: nothing is wrong yet. */
  readonly canWait?: true;
};

type Rule = (version: Version, situation: Situation) => Reason | null;

/** Others may know the key in service: no other reason outvotes one of these. */
const leaks: readonly Rule[] = [
  // A person asked for it.
  forced,
  // Clients may refuse the present certificate, and its key may be why.
  revoked,
  perhapsRevoked,
];

/** The newest version is what the configuration was last followed with, whatever a person has put back since. */
const configured = [namesChanged, keyChanged, issuerChanged, profileChanged].map(
  (rule): Rule =>
    (version, situation) =>
      rule(putAside(situation.record) ?? version, situation),
);

const wishes: readonly Rule[] = [forced, ...configured];

/** Reasons to issue a certificate. The first rule that applies gives the reason; reading the list is reading the policy. */
const rules: readonly Rule[] = [
  ...leaks,
  // Clients refuse the present certificate, or soon will, whatever the CA advises and maintenance allows.
  expired,
  endsSoon,
  barred,
  // The configuration asks for another certificate than the present one.
  ...configured,
  // The CA names a time.
  renewalAdvised,
  // The CA names no time.
  lifetimePassed,
];

/** Returns the reason to issue now, or null when the certificate is as it should be. */
export function reasonToIssue(situation: Situation): Reason | null {
  const version = desiredVersion(situation.record);
  if (!version) return { rule: 'missing', text: 'there is no certificate yet' };
  for (const rule of rules) {
    const reason = rule(version, situation);
    if (reason) return reason;
  }
  return null;
}

/** Returns until when maintenance or a pause keeps a renewal from starting; null where it may start now. */
export function heldUntil({ canWait }: Reason, { certificate, record, now }: Situation) {
  const version = desiredVersion(record);
  if (!canWait || !version) return null;
  const { maintenance } = certificate;
  const opens = opensAt({ maintenance, paused: record.paused }, now);
  const latest = lastPartOf(version, certificate);
  return opens && opens > latest ? latest : opens;
}

/** Says whether a person asks for another certificate than the one in service, by the configuration or a force. */
export function configurationChanged(situation: Situation): boolean {
  const version = desiredVersion(situation.record);
  return version !== null && wishes.some((rule) => rule(version, situation) !== null);
}

/**
 * Says whether the key in service must not be reused, whatever the reason to issue: a force, a revocation or the CA's
 * advice may mean that others know the key, and a first certificate or one of another kind has none to reuse.
 */
export function needsNewKey(situation: Situation): boolean {
  const version = desiredVersion(situation.record);
  if (!version) return true;
  return [...leaks, keyChanged].some((rule) => rule(version, situation) !== null);
}

function forced(_version: Version, { record }: Situation): Reason | null {
  if (!record.forced) return null;
  return { rule: 'forced', text: `forced: ${quoted(record.forced.reason)}` };
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

/**
 * All issuers in the list are equally good, whatever their names; a name that means another CA now is not the same issuer.
 */
function issuerChanged(version: Version, { certificate, issuers }: Situation): Reason | null {
  const rule = 'issuer-changed';
  if (nameNow(version, certificate, issuers)) return null;
  if (!certificate.issuers.includes(version.issuer)) {
    return { rule, text: `issuer changed: ${version.issuer} to ${certificate.issuers[0]}` };
  }
  const now = issuers[version.issuer]?.directory;
  return {
    rule,
    text: `issuer ${version.issuer} changed: ${version.origin?.directory} to ${now}`,
  };
}

/** Returns the present name of a version's CA in the certificate's list; null where the list lacks it. */
function nameNow(
  { issuer, origin }: Version,
  { issuers: names }: Pick<CertificateConfig, 'issuers'>,
  issuers: Config['issuers'],
): string | null {
  if (origin) return issuerAt(origin.directory, issuers, issuer, names);
  return names.includes(issuer) ? issuer : null;
}

/** The profile of a version found in the key store is unknown: the next renewal is soon enough. */
function profileChanged(version: Version, { certificate, issuers }: Situation): Reason | null {
  if (!version.origin) return null;
  const before = version.origin.profile ?? 'none';
  const name = nameNow(version, certificate, issuers) ?? version.issuer;
  const now = issuers[name]?.profile ?? 'none';
  if (now === before) return null;
  return { rule: 'profile-changed', text: `profile changed: ${before} to ${now}` };
}

function revoked(version: Version, { record }: Situation): Reason | null {
  const { revocation } = record;
  if (revocation?.versionId !== version.id || !revocation.revokedAt) return null;
  const why = revocation.reason ? ` (${revocation.reason})` : '';
  return { rule: 'revoked', text: `revoked at ${revocation.revokedAt}${why}` };
}

function expired(version: Version, { now }: Situation): Reason | null {
  const ago = now.getTime() - Date.parse(version.notAfter);
  return ago < 0 ? null : { rule: 'expired', text: `expired ${durationText(ago)} ago` };
}

function endsSoon(version: Version, { certificate, now }: Situation): Reason | null {
  if (now < lastPartOf(version, certificate)) return null;
  return { rule: 'ends-soon', text: endsIn(version, now) };
}

function barred(version: Version, { record }: Situation): Reason | null {
  if (!isBarred(record, version)) return null;
  return { rule: 'barred', text: `the certificate ${version.serial} is barred by a person` };
}

function perhapsRevoked(version: Version, situation: Situation): Reason | null {
  const advised = advisedNow(version, situation);
  if (!advised?.mayBeRevoked) return null;
  const text = `the CA wants it renewed ${advised.window}, long before its end: it may be revoked`;
  return { rule: 'may-be-revoked', text };
}

function renewalAdvised(version: Version, situation: Situation): Reason | null {
  // The advice is about the one that was put back, which has had its successor.
  if (putAside(situation.record)) return null;
  const advised = advisedNow(version, situation);
  if (!advised) return null;
  const text = `the CA advises renewal ${advised.window}`;
  return { rule: 'renewal-advised', text, canWait: true };
}

function advisedNow(version: Version, { record, now }: Situation) {
  const advice = adviceOn(record, version);
  const from = adviceFrom(version, advice);
  if (!advice?.window || !from || now < from) return null;
  const { start, end } = advice.window;
  return { window: `between ${start} and ${end}`, mayBeRevoked: mayBeRevoked(version, advice) };
}

function lifetimePassed(
  inService: Version,
  { certificate, record, now }: Situation,
): Reason | null {
  const version = putAside(record) ?? inService;
  if (now < renewalDue(version, certificate, adviceOn(record, version))) return null;
  return { rule: 'lifetime-passed', text: endsIn(version, now), canWait: true };
}

function endsIn({ notAfter }: Version, now: Date): string {
  return `expires in ${durationText(Date.parse(notAfter) - now.getTime())}`;
}
