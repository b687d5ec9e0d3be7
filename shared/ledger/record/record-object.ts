import type * as z from 'zod/mini';
import { CertkeepError, errorName, isCertkeepError } from '#shared/errors.ts';
import { inEnglish } from '#shared/text/in-english.ts';
import { refuseNewer } from '../ledger-object.ts';
import { boundsOfRecord, excessIn, holdsTooMany, pathText } from './bounds.ts';
import { type CertificateRecord, recordSchema } from './record.ts';
import { withoutUntellable } from './tellable.ts';

/** The prefix of stored versions and of whole records. */
export const recordPrefix = 'certificates/';

const idOnly = /^[a-z0-9][a-z0-9-]{0,62}$/;

/** The key of the whole record. @throws CertkeepError CertificateUnknown */
export function recordKey(id: string): string {
  return `${recordPrefix}${validId(id)}/record.json`;
}

/** @throws CertkeepError CertificateUnknown: an invalid id must not become part of an object's key. */
export function validId(id: string): string {
  if (isId(id)) return id;
  const message = `${JSON.stringify(id)} is not a certificate's id`;
  throw new CertkeepError('CertificateUnknown', message);
}

export function isId(text: string): boolean {
  return idOnly.test(text);
}

/** Says whether an error means that one record cannot be read, which says nothing about the others. */
export function isUnreadable(error: unknown): boolean {
  return (
    isCertkeepError(error, 'LedgerUnreadable') || isCertkeepError(error, 'WrittenByNewerRelease')
  );
}

/**
 * Reads the whole record (parts/whole.ts). `onLeft` is told of events that nobody can receive, which are left out.
 * @throws CertkeepError LedgerUnreadable with the object's key and the invalid fields, WrittenByNewerRelease.
 */
export function readRecord(
  id: string,
  body: string,
  onLeft: (count: number) => void = () => undefined,
): CertificateRecord {
  const form = { key: recordKey(id), id, schema: recordSchema, schemaVersion: 1 };
  return readObject(form, body, onLeft);
}

type Form<Schema> = {
  readonly key: string;
  /** The id of the certificate. */
  readonly id: string;
  readonly schema: Schema;
  readonly schemaVersion: number;
};

/** Reads an object about one certificate. Throws like readRecord. */
export function readObject<Schema extends z.ZodMiniType<{ readonly id: string }>>(
  { key, id, schema, schemaVersion }: Form<Schema>,
  body: string,
  onLeft: (count: number) => void,
): z.output<Schema> {
  const read = json(key, body);
  refuseNewer(key, read, schemaVersion);
  const excess = excessIn(read, boundsOfRecord);
  if (excess) throw unreadable(key, excess);
  const { record, left } = withoutUntellable(read);
  if (left > 0) onLeft(left);
  const parsed = schema.safeParse(record, inEnglish);
  if (!parsed.success) throw unreadable(key, problemsIn(parsed.error.issues));
  if (parsed.data.id !== id) {
    throw unreadable(key, `id: is the record of ${parsed.data.id.slice(0, 100)}`);
  }
  return parsed.data;
}

function json(key: string, body: string): unknown {
  if (holdsTooMany(body, boundsOfRecord)) {
    throw unreadable(key, `holds more than ${boundsOfRecord.values} values`);
  }
  try {
    return JSON.parse(body);
  } catch (cause) {
    throw unreadable(key, `is not JSON (${errorName(cause)})`, cause);
  }
}

type Issue = { readonly path: readonly PropertyKey[]; readonly message: string };

/** The list is read by people. */
const mostProblems = 10;
const longestProblem = 300;

function problemsIn(issues: readonly Issue[]): string {
  const named = issues
    .slice(0, mostProblems)
    .map(({ path, message }) => `${pathText(path)}: ${message.slice(0, longestProblem)}`);
  const more = issues.length - named.length;
  return [...named, ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
}

function unreadable(key: string, what: string, cause?: unknown): CertkeepError {
  return new CertkeepError('LedgerUnreadable', `${key}: ${what}`, { cause });
}
