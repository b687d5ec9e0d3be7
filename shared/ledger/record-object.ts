import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import { inEnglish } from '#shared/in-english.ts';
import { refuseNewer } from './ledger-object.ts';
import { type CertificateRecord, recordSchema } from './record.ts';

export const recordPrefix = 'certificates/';

const idOnly = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** @throws CertkeepError CertificateUnknown: what is no id must not become part of an object's key. */
export function recordKey(id: string): string {
  if (!isId(id)) {
    throw new CertkeepError(
      'CertificateUnknown',
      `${JSON.stringify(id)} is not a certificate's id`,
    );
  }
  return `${recordPrefix}${id}/record.json`;
}

export function isId(text: string): boolean {
  return idOnly.test(text);
}

/** Whether an error says that one record cannot be read, and nothing of the others. */
export function isUnreadable(error: unknown): boolean {
  return (
    isCertkeepError(error, 'LedgerUnreadable') || isCertkeepError(error, 'WrittenByNewerRelease')
  );
}

/** @throws CertkeepError LedgerUnreadable with the object's key and every place that is wrong, WrittenByNewerRelease. */
export function readRecord(id: string, body: string): CertificateRecord {
  const key = recordKey(id);
  const read = json(key, body);
  refuseNewer(key, read);
  const parsed = recordSchema.safeParse(read, inEnglish);
  if (!parsed.success) {
    const places = parsed.error.issues.map(({ path, message }) => `${path.join('.')}: ${message}`);
    throw new CertkeepError('LedgerUnreadable', `${key}: ${places.join('; ')}`);
  }
  if (parsed.data.id !== id) {
    throw new CertkeepError('LedgerUnreadable', `${key}: id: is the record of ${parsed.data.id}`);
  }
  return parsed.data;
}

function json(key: string, body: string): unknown {
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw new CertkeepError('LedgerUnreadable', `${key}: is not JSON (${errorName(cause)})`, {
      cause,
    });
  }
}
