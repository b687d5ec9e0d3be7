import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';

/**
 * An object of the ledger. Functions are updated one after the other, and a deployment may be rolled back: a field that
 * this release does not know belongs to a newer one, and is read, kept and written back. The type has only the known
 * fields, so that a misspelt one does not compile.
 */
export function ledgerObject<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.looseObject(shape) as unknown as z.ZodMiniObject<Shape, z.core.$strict>;
}

/**
 * Returns the fields of an entry that its schema does not know, for callers that rebuild the entry from its known fields.
 */
export function foreignFields(
  { def }: { readonly def: { readonly shape: object } },
  entry: object | null | undefined,
): object {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([name]) => !(name in def.shape)));
}

/** Raised by a release whose objects an earlier one would misunderstand. An object without the number has the first. */
const firstSchema = 1;

/**
 * Refuses objects that this release would misunderstand.
 * @throws CertkeepError WrittenByNewerRelease
 */
export function refuseNewer(key: string, json: unknown, knownSchema = firstSchema): void {
  const schema = json && typeof json === 'object' && 'schemaVersion' in json && json.schemaVersion;
  if (typeof schema !== 'number' || schema <= knownSchema) return;
  throw new CertkeepError(
    'WrittenByNewerRelease',
    `${key}: schemaVersion ${schema} was written by a newer release, and this one knows ${knownSchema}; update the functions`,
  );
}
