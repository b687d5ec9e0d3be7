import { isWishTooLong, lastPartOf, nextStart } from '#shared/acquire/renewal/renewal-time.ts';
import { putAside, versionToServe, wantedBack } from '#shared/ledger/record/chosen.ts';
import { pausedUntil } from '#shared/ledger/record/pause.ts';
import { desiredVersion, type Version } from '#shared/ledger/record/record.ts';
import { revokingVersion } from '#shared/ledger/record/revoking.ts';
import { isRevoked } from '#shared/ledger/revoked.ts';
import { quoted } from '#shared/text/plain-text.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { type CertificateFacts, stakeOf } from './certificate-facts.ts';
import {
  dangerMeanwhile,
  dangerOf,
  dateOf,
  type Finding,
  judged,
  needsPerson,
  unaffected,
  well,
} from './finding.ts';

/** A first certificate takes minutes, or days where the limits of a CA hold back a fleet. */
const firstWithinMs = dayMs;
/** A value of an earlier order leaves DNS within minutes; longer where its service fails. */
const cleanedWithinMs = dayMs;
/** An order takes minutes, and the check that finds it late may be the one that sends it. */
const renewedWithinMs = hourMs;
/** Issue moves a version within seconds, unless the key store cannot be read. */
const putBackWithinMs = hourMs / 2;
/** From the time at which a renewal may start until its end; the first part passes without a word. */
const quietShare = 1 / 4;

export function issuedFinding(facts: CertificateFacts): Finding {
  const { now, record } = facts;
  const version = desiredVersion(record);
  if (!version) return notIssuedYet(facts);
  const { notAfter, serial } = version;
  const bad = { type: 'Issued', about: null, status: 'false' } as const;
  if (isRevoked(record, version)) {
    const message = `the CA has revoked the certificate ${serial}`;
    return { ...bad, reason: 'Revoked', message, danger: dangerOf(stakeOf(facts), now) };
  }
  if (new Date(notAfter) <= now) {
    const message = `the certificate ended on ${dateOf(notAfter)}`;
    const danger = dangerOf({ ...stakeOf(facts), hurtsAt: notAfter }, now);
    return { ...bad, reason: 'Expired', message, danger, from: notAfter };
  }
  return well('Issued', `valid until ${dateOf(version.notAfter)}`);
}

/** People hear of a revocation for this long after the renewal that followed it. */
const revokedToldMs = dayMs;

/** A revoked certificate is renewed within minutes, as a rule. A person still has to find out whether its key has leaked. */
export function revokedBeforeFindings({ now, record }: CertificateFacts): readonly Finding[] {
  const { versions } = record;
  const index = versions.findIndex(({ id }) => id === record.desired);
  const [before, version] = [versions[index - 1], versions[index]];
  if (!before?.revokedAt || !version) return [];
  // A person asked for it, and knows why.
  if (record.revokeTried?.doneAt && record.revoking?.versionId === before.id) return [];
  if (addMs(new Date(version.issuedAt), revokedToldMs) <= now) return [];
  const { serial } = before;
  const message = `the CA has revoked the certificate ${serial}; it was renewed on ${dateOf(version.issuedAt)}`;
  const danger = dangerOf(unaffected, now);
  return [{ type: 'Issued', about: serial, status: 'false', reason: 'Revoked', message, danger }];
}

/** Nobody waits for a revocation but the person who asked for it, until it fails. */
export function revokingFindings({ now, record }: CertificateFacts): readonly Finding[] {
  const version = revokingVersion(record);
  const { revokeTried, revoking } = record;
  if (!version || !revoking) return [];
  const { serial: about } = version;
  const failure = revokeTried?.wish === revoking.at ? revokeTried.failure : null;
  if (failure) {
    const { error: reason, nextAttemptAt } = failure;
    const message = `the CA has not revoked ${about}: ${failure.message}`;
    const verdict = judged(failure, unaffected, now);
    return [{ type: 'Issued', about, ...verdict, reason, message, nextAttemptAt }];
  }
  const message = `${about} will be revoked once its successor is served: ${quoted(revoking.reason)}`;
  const found = { type: 'Issued', about, status: 'unknown', reason: 'BeingRevoked' } as const;
  return [{ ...found, message, danger: dangerMeanwhile(unaffected, now), from: revoking.at }];
}

function notIssuedYet(facts: CertificateFacts): Finding {
  const { now, record } = facts;
  const stake = stakeOf(facts);
  const failure = record.acquireFailure;
  const message = 'there is no certificate yet';
  const named = { issuer: issuerOf(facts) };
  const found = { type: 'Issued', about: null, message, named } as const;
  if (failure && needsPerson(failure)) {
    const danger = dangerOf(stake, now);
    const { error: reason, nextAttemptAt } = failure;
    return { ...found, status: 'false', reason, danger, nextAttemptAt };
  }
  const danger = dangerMeanwhile(stake, now);
  const late = { reason: 'IssueOverdue', message, danger: dangerOf(stake, now) };
  const patience = { ms: firstWithinMs, ...late };
  return { ...found, status: 'unknown', reason: 'BeingIssued', danger, patience };
}

/** Says whether the next renewal can be expected to work: account, solver, limits, fallbacks. */
export function renewableFindings(facts: CertificateFacts): readonly Finding[] {
  return [renewable(facts), ...fallbacks(facts)];
}

function renewable(facts: CertificateFacts): Finding {
  const { now, record } = facts;
  const stake = stakeOf(facts);
  const failure = record.acquireFailure ?? record.dueWhenIssued?.failure ?? null;
  if (failure) {
    const { error, message, nextAttemptAt } = failure;
    const about = issuerOf(facts);
    const open = failure.page ? `; open ${failure.page}` : '';
    const tried = { reason: error, message: `${error}: ${message}${open}`, nextAttemptAt };
    const found = { type: 'Renewable', about, named: { issuer: about }, ...tried } as const;
    const isUrgent = isLate(facts) || isPastHelp(nextAttemptAt, stake.hurtsAt);
    return isUrgent
      ? { ...found, status: 'false', danger: dangerOf(stake, now) }
      : { ...found, ...judged(failure, stake, now) };
  }
  const held = notServedFinding(facts) ?? pausedFinding(facts) ?? putBackFinding(facts);
  if (held) return held;
  if (!isLate(facts)) return well('Renewable', 'the next renewal can be expected to work');
  const message = 'the renewal is due, and nothing has come of it';
  const late = { reason: 'RenewalOverdue', message, danger: dangerOf(stake, now) };
  return {
    ...{ type: 'Renewable', about: null, status: 'unknown', reason: 'BeingRenewed', message },
    danger: dangerMeanwhile(stake, now),
    patience: { ms: renewedWithinMs, ...late },
  };
}

/** Nobody has to do anything: near the end of the certificate a pause holds nothing back. */
function pausedFinding({ certificate, now, record }: CertificateFacts): Finding | null {
  const version = desiredVersion(record);
  const until = pausedUntil(record, now);
  if (!until || !version || !record.paused) return null;
  const last = lastPartOf(version, certificate);
  if (now >= last) return null;
  const { at: from, reason: why } = record.paused;
  const ends = until < last ? until : last;
  const message = `no renewal begins until ${ends.toISOString()}: ${quoted(why)}`;
  const found = { type: 'Renewable', about: null, status: 'unknown', reason: 'Paused' } as const;
  return { ...found, message, danger: dangerMeanwhile(unaffected, now), from };
}

/** A version belongs into service and is not: a person has asked for it, and waits. */
function notServedFinding({ certificate, now, record }: CertificateFacts): Finding | null {
  const { names } = certificate;
  const found = { type: 'Renewable', about: null } as const;
  const wanted = wantedBack(record, now);
  if (wanted?.unusable) {
    const message = `the certificate ${wanted.serial} cannot be put back into service: ${wanted.unusable}`;
    const danger = dangerOf(unaffected, now);
    return { ...found, status: 'false', reason: 'VersionNotUsable', message, danger };
  }
  const version = versionToServe(record, names, now);
  if (!version || version.id === record.desired) return null;
  const message = `the certificate ${version.serial} belongs into service`;
  const late = { reason: 'PutBackOverdue', message, danger: dangerOf(unaffected, now) };
  return {
    ...found,
    ...{ status: 'unknown', reason: 'BeingPutBack', message },
    danger: dangerMeanwhile(unaffected, now),
    patience: { ms: putBackWithinMs, ...late },
  };
}

/** Nobody has to do anything: the next certificate comes in its time. */
function putBackFinding({ certificate, now, record }: CertificateFacts): Finding | null {
  const version = desiredVersion(record);
  const start = nextStart(record, certificate);
  const { chosen } = record;
  if (!putAside(record) || !version || !chosen || !start) return null;
  const { at: from, reason: why, until } = chosen;
  const renewsAt = start.toISOString();
  const ends =
    until !== null && until < renewsAt ? `until ${until}` : `until a renewal at ${renewsAt}`;
  const message = `the earlier certificate ${version.serial} is in service ${ends}: ${quoted(why)}`;
  const found = { type: 'Renewable', about: null, status: 'unknown', reason: 'PutBack' } as const;
  return { ...found, message, danger: dangerMeanwhile(unaffected, now), from };
}

/** Returns the issuer that is asked, or that would be. */
function issuerOf({ certificate, record }: CertificateFacts): string {
  return record.attempt?.issuer ?? certificate.issuers[0] ?? '';
}

/** Says whether the next try comes too late for clients. */
function isPastHelp(nextAttemptAt: string, hurtsAt: string | null): boolean {
  return hurtsAt !== null && nextAttemptAt >= hurtsAt;
}

/** Says whether a quarter of the time from the start of the renewal to the end has passed. */
function isLate({ certificate, now, record }: CertificateFacts): boolean {
  const version = desiredVersion(record);
  if (!version) return false;
  const start = nextStart(record, certificate) ?? now;
  return addMs(start, leadMs(version, start) * quietShare) <= now;
}

function leadMs({ notAfter }: Version, start: Date): number {
  return Math.max(0, Date.parse(notAfter) - start.getTime());
}

/** Says of each fallback whether it would take over. */
function fallbacks({ certificate, now, record }: CertificateFacts): readonly Finding[] {
  const [, ...others] = certificate.issuers;
  return others.flatMap((issuer): Finding[] => {
    const state = record.fallbacks[issuer];
    if (!state) return [];
    const { failure, failures } = state;
    const named = { issuer };
    const found = { type: 'Renewable', about: issuer, named } as const;
    if (!failure) return [well('Renewable', `${issuer} can take over`, issuer)];
    const message = `${issuer} could not take over: ${failure.message}`;
    const { at, error } = failure;
    const verdict = judged({ count: failures, error }, unaffected, now);
    return [{ ...found, ...verdict, reason: error, message, from: at }];
  });
}

/** Says whether the configuration can be followed. */
export function followedFinding({ certificate, now, record }: CertificateFacts): Finding {
  const version = desiredVersion(record);
  if (!version || !isWishTooLong(version, certificate)) {
    return well('Configured', 'the configuration keeps it');
  }
  const days = Number(certificate.renewBeforeDays?.toFixed(2));
  const message = `renewBeforeDays: ${days} is longer than its life allows, and is ignored`;
  const danger = dangerOf(unaffected, now);
  return {
    type: 'Configured',
    about: null,
    status: 'false',
    reason: 'RenewBeforeTooLong',
    message,
    danger,
  };
}

/** Says whether values of an earlier order are still in DNS. */
export function unchallengedFinding({ now, record }: CertificateFacts): Finding {
  const left = record.txt.filter(
    ({ attemptId, over }) => over === true || attemptId !== record.attempt?.id,
  );
  const [first] = left;
  if (!first) return well('Unchallenged', 'nothing of an order is left in DNS');
  const names = [...new Set(left.map(({ name }) => name))];
  const more = names.length > 1 ? ` and ${names.length - 1} more` : '';
  const message = `a value of an earlier order is left at ${first.name}${more}`;
  const found = { type: 'Unchallenged', about: null, reason: 'BeingRemoved', message } as const;
  const late = { reason: 'ChallengeLeft', message, danger: dangerOf(unaffected, now) };
  const patience = { ms: cleanedWithinMs, ...late };
  return { ...found, status: 'unknown', danger: dangerMeanwhile(unaffected, now), patience };
}
