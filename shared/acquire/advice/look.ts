import { isDeepStrictEqual } from 'node:util';
import type { Config } from '#shared/config/config.ts';
import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import type { Issuer } from '#shared/issuers/issuer.ts';
import { issuerAt } from '#shared/issuers/same-directory.ts';
import { adviceOn } from '#shared/ledger/advice.ts';
import type { Change, LeasedRecord } from '#shared/ledger/lease.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import {
  type CertificateRecord,
  desiredVersion,
  type Version,
} from '#shared/ledger/record/record.ts';
import type { SharedObject } from '#shared/ledger/shared-object.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';
import type { Log } from '#shared/log.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import type { Clock } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { readCertificate } from '#shared/x509/certificate.ts';
import { linksOf } from '#shared/x509/extensions.ts';
import { certificatePems } from '#shared/x509/pem.ts';
import { revokedEvent } from '../events.ts';
import { keepIfPossible } from '../keep.ts';
import { isKnownToRepeat } from '../renewal/due-when-issued.ts';
import type { Situation } from '../renewal/rules.ts';
import { listSourceOf } from './list-source.ts';
import { type Look, lookDue } from './look-due.ts';
import { type Recalls, withRecall } from './recalls.ts';
import { isMuchSooner, mayBeRevoked, withAdvice, withoutAdvice } from './renewal-info.ts';
import { withoutRevocation, withQuestion, withRevocation } from './revocation.ts';
import type { Revocations } from './revocations.ts';

export type LookPorts = {
  readonly config: Pick<Config, 'issuers'>;
  readonly mine: LeasedRecord;
  readonly objects: Pick<ObjectStore, 'get'>;
  readonly issuerOf: (name: string) => Pick<Issuer, 'renewalInfo'>;
  readonly revocations: Revocations;
  readonly recallBook: Pick<SharedObject<Recalls>, 'update'>;
  readonly clock: Clock;
  readonly log: Log;
  /** 0 to 1. */
  readonly random: () => number;
};

/**
 * Asks the CA the due questions about the certificate in service, and writes the answers down. A failure to ask is written
 * down as well, with the time to ask again, and stops nothing.
 */
export async function look(ports: LookPorts, situation: Situation): Promise<CertificateRecord> {
  const version = desiredVersion(situation.record);
  let { record } = situation;
  for (const due of lookDue(situation)) {
    if (!version || due === 'fallback') continue;
    const update = (change: Change) =>
      ports.mine.update((current) => (current.desired === version.id ? change(current) : current));
    const { revocation } = record;
    // Otherwise a run that dies of the answer would ask again at once, for ever.
    if (due === 'revocation') {
      await update((current) => withQuestion(current, version, ports.clock.now()));
    }
    const change = await asked(ports, record, version, due);
    record = await update((current) =>
      change(due === 'revocation' ? { ...current, revocation } : current),
    );
  }
  return record;
}

async function asked(
  ports: LookPorts,
  record: CertificateRecord,
  version: Version,
  due: Exclude<Look, 'fallback'>,
): Promise<Change> {
  const ask = { 'renewal-info': askAdvice, revocation: askRevocation }[due];
  try {
    return await ask(ports, record, version);
  } catch (error) {
    // A run that is over was not refused anything.
    deadlineSignal()?.throwIfAborted();
    const failure = error instanceof Error ? error : new Error(String(error));
    ports.log.warn('the CA could not be asked about the certificate', {
      stage: 'issue',
      certificate: record.id,
      about: due,
      outcome: errorName(error),
      reason: errorMessage(error),
    });
    const without = { 'renewal-info': withoutAdvice, revocation: withoutRevocation }[due];
    return (current) => without(current, version, failure, ports.clock.now());
  }
}

async function askAdvice(
  ports: LookPorts,
  record: CertificateRecord,
  version: Version,
): Promise<Change> {
  const { clock, config, issuerOf, log, random } = ports;
  const info = await issuerOf(nameOf(version, config)).renewalInfo(version.renewalId ?? '');
  const drawn = { now: clock.now(), random: random() };
  const before = adviceOn(record, version)?.window;
  const after = adviceOn(withAdvice(record, version, info, drawn), version)?.window;
  if (after && before?.selected !== after.selected) {
    log.info('renewal window learned', {
      stage: 'issue',
      certificate: record.id,
      start: after.start,
      end: after.end,
      selected: after.selected,
      ...(info?.explanationUrl && { reason: info.explanationUrl }),
    });
  }
  const isAdvanced = before && after && isMuchSooner(version, before, after);
  if (isAdvanced || (after && mayBeRevoked(version, { window: after }))) {
    await recall(ports, record, version, drawn.now);
  }
  return (current) => {
    const advised = withAdvice(current, version, info, drawn);
    const isNews = !isDeepStrictEqual(
      adviceOn(current, version)?.window,
      adviceOn(advised, version)?.window,
    );
    return isNews ? withSuspicion(advised, version, drawn.now) : advised;
  };
}

/** Returns the present name of the CA that issued it. */
function nameOf({ issuer, origin }: Version, { issuers }: Pick<Config, 'issuers'>): string {
  return issuerAt(origin?.directory ?? '', issuers, issuer) ?? issuer;
}

/** People hear of it with the change, once: the renewal alone would pass unnoticed. */
function withSuspicion(record: CertificateRecord, version: Version, now: Date): CertificateRecord {
  const advice = adviceOn(record, version);
  if (!advice?.window || !mayBeRevoked(version, advice)) return record;
  if (isKnownToRepeat(record, version, now)) return record;
  const { window, explanationUrl } = advice;
  return withEvent(
    record,
    revokedEvent(record.id, version, {
      now,
      window,
      explanationUrl,
      revokedAt: null,
      reason: null,
    }),
  );
}

/** The list and the serial come from the certificate: a forged record may name others. */
async function askRevocation(
  ports: LookPorts,
  record: CertificateRecord,
  version: Version,
): Promise<Change> {
  const { clock, config, objects, revocations } = ports;
  const { id } = record;
  const keys = publicPartKeys(id, version.id);
  const [certificatePem] = await pemsAt(objects, keys.certificate);
  const [issuerPem] = await pemsAt(objects, keys.chain);
  if (!certificatePem || !issuerPem) {
    throw new CertkeepError(
      'RevocationListInvalid',
      `its ${certificatePem ? 'chain holds no certificate of its issuer' : 'certificate is not stored'}`,
    );
  }
  const revocation = await revocations({
    serial: readCertificate(certificatePem).serial,
    crlUrl: linksOf(certificatePem).crlUrl ?? '',
    issuerPem,
    source: listSourceOf(version, config),
  });
  const now = clock.now();
  if (revocation.revokedAt) await recall(ports, record, version, now);
  return (current) => {
    const changed = withRevocation(current, version, revocation, now);
    if (!revocation.revokedAt || isKnownToRepeat(current, version, now)) return changed;
    const { revokedAt, reason } = revocation;
    const fact = { now, window: null, explanationUrl: null, revokedAt, reason };
    return withEvent(changed, revokedEvent(current.id, version, fact));
  };
}

/**
 * Notes that the CA may want all certificates replaced that it issued: check then has them asked about. It is written before
 * the answer, so that a run that dies in between finds the same again. If it cannot be written, the next certificate that
 * finds the same notes it.
 */
async function recall(
  { log, recallBook }: LookPorts,
  { id }: CertificateRecord,
  { issuer, origin }: Version,
  now: Date,
): Promise<void> {
  const directory = origin?.directory;
  if (directory === undefined) return;
  log.warn('the CA wants a certificate replaced: its others are asked about', {
    ...{ stage: 'issue', certificate: id, issuer },
  });
  await keepIfPossible({ log, certificate: { id } }, 'the recall', async () => {
    await recallBook.update((recalls) => withRecall(recalls, directory, now));
  });
}

async function pemsAt(objects: LookPorts['objects'], key: string): Promise<readonly string[]> {
  const stored = await objects.get(key);
  return certificatePems(Buffer.from(stored?.body ?? '').toString());
}
