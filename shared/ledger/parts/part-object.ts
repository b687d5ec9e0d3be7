import { readObject } from '../record/record-object.ts';
import { type PartOf, partSchemas, partSchemaVersion } from './part.ts';
import { partKey, type Writer } from './writers.ts';

/**
 * Reads the object of one writer. `onLeft` is told of events that nobody can receive, which are left out.
 * @throws CertkeepError LedgerUnreadable with the object's key and the invalid fields, WrittenByNewerRelease.
 */
export function readPart<W extends Writer>(
  writer: W,
  id: string,
  body: string,
  onLeft: (count: number) => void = () => undefined,
): PartOf[W] {
  const schemaVersion = partSchemaVersion;
  const form = { key: partKey(writer, id), id, schema: partSchemas[writer], schemaVersion };
  return readObject(form, body, onLeft) as PartOf[W];
}
