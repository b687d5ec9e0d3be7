import { CertkeepError, errorMessage, isCertkeepError } from '#shared/errors.ts';

export function invalid(what: string, cause?: unknown): CertkeepError {
  return new CertkeepError('RevocationListInvalid', `the revocation list ${what}`, { cause });
}

/** Gives the errors of OpenSSL and of the DER reader our name. @throws CertkeepError RevocationListInvalid */
export function named<Result>(read: () => Result): Result {
  try {
    return read();
  } catch (error) {
    if (isCertkeepError(error)) throw error;
    throw invalid(`is no DER: ${errorMessage(error)}`, error);
  }
}
