import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Secret } from '#shared/secret.ts';

/*
 * OpenSSL throws errors of its own for bytes that are no certificate or key, some of them only when the key of a certificate
 * that it took is asked for. They have no name of ours, so that nobody would know what to do.
 */

/** What reads a certificate of a CA. @throws CertkeepError CertificateRejected where it cannot be read */
export function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (isCertkeepError(error)) throw error;
    const message = `the certificate cannot be read: ${reasonOf(error)}`;
    throw new CertkeepError('CertificateRejected', message, { cause: error });
  }
}

/** A key of the key store. @throws CertkeepError KeyStoreUnreadable where it is none */
export function privateKeyOf(keyPem: Secret): KeyObject {
  try {
    return createPrivateKey(keyPem.reveal());
  } catch (error) {
    const message = `what is stored is no private key: ${reasonOf(error)}`;
    throw new CertkeepError('KeyStoreUnreadable', message, { cause: error });
  }
}

/** Whether one certificate has signed the other. Where its key cannot be read, nobody can say so. */
export function hasSigned(above: X509Certificate, below: X509Certificate): boolean {
  try {
    return below.checkIssued(above) && below.verify(above.publicKey);
  } catch {
    return false;
  }
}

/** In a sentence of somebody else's. */
export function reasonOf(error: unknown): string {
  return errorMessage(error).slice(0, 200);
}
