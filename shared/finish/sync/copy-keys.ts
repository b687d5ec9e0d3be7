import { recordKey } from '#shared/ledger/record/record-object.ts';
import { publicPartKeys } from '#shared/ledger/version-objects.ts';

/** The objects that a region holds for a version: certificate, chain, and the record of the certificate. */
export function copyKeys(id: string, versionId: string): readonly [string, string, string] {
  const keys = publicPartKeys(id, versionId);
  return [keys.certificate, keys.chain, recordKey(id)];
}
