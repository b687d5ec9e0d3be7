import { createPrivateKey, type KeyObject, type X509Certificate } from 'node:crypto';
import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';
import type { Secret } from '#shared/secret.ts';

/**
 * OpenSSL throws its own errors for bytes that are no certificate or key, and some only when the key of an accepted
 * certificate is read. They need a name of ours, or nobody would know what to do.
 */

/** Reads a CA's certificate. @throws CertkeepError CertificateRejected where it cannot be read */
export function readable<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (isCertkeepError(error)) throw error;
    const message = `the certificate cannot be read: ${reasonOf(error)}`;
    throw new CertkeepError('CertificateRejected', message, { cause: error });
  }
}

/** Reads a key of the key store. @throws CertkeepError KeyStoreUnreadable where it is none */
export function privateKeyOf(keyPem: Secret): KeyObject {
  try {
    return createPrivateKey(keyPem.reveal());
  } catch (error) {
    const message = `what is stored is no private key: ${reasonOf(error)}`;
    throw new CertkeepError('KeyStoreUnreadable', message, { cause: error });
  }
}

/** Says whether one certificate signed the other; false where its key cannot be read. */
export function hasSigned(above: X509Certificate, below: X509Certificate): boolean {
  try {
    return below.checkIssued(above) && below.verify(above.publicKey);
  } catch {
    return false;
  }
}

/** Puts an error into a sentence. */
export function reasonOf(error: unknown): string {
  return errorMessage(error).slice(0, 200);
}
