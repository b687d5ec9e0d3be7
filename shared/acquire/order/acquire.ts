import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { isPublicCa } from '#shared/issuers/acme/directories.ts';
import type { Order } from '#shared/issuers/issuer.ts';
import { isStaging } from '#shared/issuers/staging.ts';
import {
  type Attempt,
  desiredVersion,
  type Origin,
  type Version,
} from '#shared/ledger/record/record.ts';
import type { Secret } from '#shared/secret.ts';
import { cleanText } from '#shared/text/plain-text.ts';
import { pauseUntil } from '#shared/time/waiting.ts';
import {
  checkIssued,
  extraNames,
  type Issued,
  isForAnotherKey,
  validFrom,
} from '#shared/x509/certificate.ts';
import { createKey } from '#shared/x509/csr.ts';
import { type Acquisition, advance } from '../acquisition.ts';
import { attemptOf, authorized, keyStored, orderTaken } from '../attempt.ts';
import { authorizeOrder, removeValues } from '../challenges/authorize.ts';
import { runPreflight } from '../challenges/preflight.ts';
import { type StorePorts, storeVersion, withRoom } from '../store/store.ts';
import { describeVersion } from '../store/version.ts';
import { notNewer } from './not-newer.ts';
import { ensureOrder, finalizeOrder, pollOrder } from './order.ts';
import { refuseForeignAttempt, refuseUsedKey } from './own-attempt.ts';

/**
 * Brings an attempt to a stored version. Every step looks at what an earlier run reached and does only what is missing, so
 * it can begin again from any point. Where the CA gave one open order to two certificates, the second orders anew, once.
 * @throws CertkeepError OrderTimedOut where a certificate for the same names took that order as well
 */
export async function acquire(
  acquisition: Acquisition & StorePorts,
  attempt: Attempt,
): Promise<Version> {
  const version = await byOneOrder(acquisition, attempt);
  if (version) return version;
  const open = attemptOf(await acquisition.mine.read(), attempt.id);
  const second = await byOneOrder(acquisition, open);
  if (second) return second;
  throw new CertkeepError('OrderTimedOut', 'a certificate for the same names took this order');
}

/** Returns null where another certificate has finalized the order. */
async function byOneOrder(
  acquisition: Acquisition & StorePorts,
  attempt: Attempt,
): Promise<Version | null> {
  const { certificate, clock, log } = acquisition;
  const startedAt = clock.now().getTime();
  const keyPem = await ensureKey(acquisition, attempt);
  await refuseForeignAttempt(acquisition, attempt, keyPem);
  if (!attempt.orderUrl) await runPreflight(acquisition, attempt);
  const order = await ensureOrder(acquisition, attempt);
  const ready = await authorizeOrder(acquisition, attempt, order);
  const ordered = attemptOf(await advance(acquisition, authorized), attempt.id);
  const finalized = await finalize(acquisition, ordered, ready, keyPem);
  const valid = await pollOrder(acquisition, finalized, ['ready', 'processing']);
  const issued = await download(acquisition, attempt, valid, keyPem);
  if (!issued) return null;
  const material = { ...issued, keyPem };
  const version = described(material.certificatePem, {
    id: attempt.id,
    names: attempt.names,
    keyAlgorithm: certificate.key,
    issuer: attempt.issuer,
    orderUrl: valid.url,
    issuedAt: clock.now().toISOString(),
    origin: await originOf(acquisition, ordered),
  });
  await refuseEarlier(acquisition, version);
  log.info('certificate issued', {
    stage: 'issue',
    certificate: certificate.id,
    reason: attempt.reason,
    serial: version.serial,
    durationMs: clock.now().getTime() - startedAt,
  });
  await storeVersion(acquisition, certificate.id, version, material);
  log.info('version stored', {
    stage: 'store',
    certificate: certificate.id,
    serial: version.serial,
  });
  return version;
}

/** Takes the challenge values away while the CA works on the certificate: the order was decided before. */
async function finalize(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  keyPem: Secret,
): Promise<Order> {
  try {
    return await finalizeOrder(acquisition, attempt, order, keyPem);
  } finally {
    await removeValues(acquisition, attempt);
  }
}

/** @throws CertkeepError CertificateRejected where the certificate has values that no record can hold */
function described(...facts: Parameters<typeof describeVersion>): Version {
  try {
    return describeVersion(...facts);
  } catch (cause) {
    const message = `it cannot be described: ${errorMessage(cause)}`;
    throw new CertkeepError('CertificateRejected', message, { cause });
  }
}

/** @throws CertkeepError CertificateRejected */
async function refuseEarlier({ clock, mine }: Acquisition, version: Version): Promise<void> {
  const record = await mine.read();
  const why = notNewer(record, version, clock.now());
  if (why) throw new CertkeepError('CertificateRejected', why);
}

async function originOf(
  { issuer, issuerConfig }: Acquisition,
  { profile = issuerConfig.profile ?? null }: Attempt,
): Promise<Origin> {
  const { directory } = issuerConfig;
  const { accountUrl } = await issuer.about();
  return { directory, account: accountUrl, profile, staging: isStaging(issuerConfig) };
}

/**
 * The key is in the store before anything that is bound to it exists.
 * @throws CertkeepError ReusedKeyMissing, AttemptNotOurs
 */
async function ensureKey(acquisition: Acquisition & StorePorts, attempt: Attempt): Promise<Secret> {
  const { certificate, keyStore } = acquisition;
  const stored = await keyStore.readKey(certificate.id, attempt.id);
  if (stored) {
    if (!attempt.csr) await refuseUsedKey(acquisition, attempt, stored);
    if (!attempt.keyStored) await advance(acquisition, keyStored);
    return stored;
  }
  const inService =
    attempt.reuseKey && certificate.rotation === 'reuse'
      ? await keyInService(acquisition, attempt)
      : null;
  const created = inService ?? createKey(attempt.keyAlgorithm);
  const key = await withRoom(acquisition, certificate.id, attempt.id, () =>
    keyStore.storeKey(certificate.id, attempt.id, created),
  );
  await advance(acquisition, keyStored);
  return key;
}

/** Null where the key is of another kind. A missing key is no reason for another one: clients may pin it. */
async function keyInService(
  { certificate, keyStore, mine }: Acquisition,
  { keyAlgorithm }: Attempt,
): Promise<Secret | null> {
  const version = desiredVersion(await mine.read());
  if (version?.keyAlgorithm !== keyAlgorithm) return null;
  const stored = await keyStore.readVersion(certificate.id, version.id);
  if (stored) return stored.keyPem;
  const message = `the key of version ${version.id}, which the next certificate is to have, is not in the key store`;
  throw new CertkeepError('ReusedKeyMissing', message);
}

/**
 * Returns null when a certificate for the same names was the first to finalize an order that the CA gave to both.
 * @throws CertkeepError CertificateRejected when it is not what was asked for
 */
async function download(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  keyPem: Secret,
): Promise<{ certificatePem: string; chainPem: string } | null> {
  const { certificate, clock, issuer, log } = acquisition;
  if (!order.certificateUrl) {
    throw new CertkeepError('IssuerAnswerInvalid', 'the valid order names no certificate');
  }
  const issued = await issuer.certificate(order.certificateUrl);
  // A CA that mixes up keys differs from this: here it is the first finalize of this attempt.
  if (!attempt.csr && isForAnotherKey(issued.certificatePem, keyPem)) {
    await advance(acquisition, orderTaken);
    log.info('a certificate for the same names took the order', {
      stage: 'issue',
      certificate: certificate.id,
      outcome: 'taken',
    });
    return null;
  }
  const { names, key: keyAlgorithm } = certificate;
  const needsChain = isPublicCa(acquisition.issuerConfig.directory);
  const expected = { names, keyPem, keyAlgorithm, needsChain, now: clock.now() };
  const problems = checkIssued(issued, expected);
  if (problems.length > 0) throw new CertkeepError('CertificateRejected', problems.join('; '));
  const extra = extraNames(issued, names);
  if (extra.length > 0) {
    log.warn('the certificate has more names than were ordered', {
      stage: 'issue',
      certificate: certificate.id,
      reason: cleanText(extra.join(', ')),
    });
  }
  await untilValid(acquisition, issued);
  return issued;
}

/**
 * The order keeps the certificate meanwhile. Nothing is stored, since readers of the key store would serve it.
 * @throws CertkeepError CertificateNotYetValid where that takes longer than this run
 */
async function untilValid({ clock, waitUntil }: Acquisition, issued: Issued): Promise<void> {
  const from = validFrom(issued);
  if (from <= clock.now()) return;
  if (from <= waitUntil) return pauseUntil(clock, from);
  const message = `the certificate is valid only from ${from.toISOString()}`;
  throw new CertkeepError('CertificateNotYetValid', message, { retryAt: from });
}
