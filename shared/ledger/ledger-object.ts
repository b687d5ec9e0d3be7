import * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';

/**
 * An object of the ledger. Functions are updated one after the other, and a deployment may be rolled back: a field that
 * this release does not know is a newer one's, and is read, kept and written back. Its type has the known fields alone,
 * so that a misspelt one does not compile.
 */
export function ledgerObject<Shape extends z.core.$ZodShape>(shape: Shape) {
  return z.looseObject(shape) as unknown as z.ZodMiniObject<Shape, z.core.$strict>;
}

/** What an entry holds that its schema does not know, for whoever makes the entry anew of the known fields. */
export function foreignFields(
  { def }: { readonly def: { readonly shape: object } },
  entry: object | null | undefined,
): object {
  return Object.fromEntries(Object.entries(entry ?? {}).filter(([name]) => !(name in def.shape)));
}

/** Raised by a release whose objects an earlier one would misunderstand. Absent is the first. */
const firstSchema = 1;

/** @throws CertkeepError WrittenByNewerRelease: what this release would misunderstand it leaves alone */
export function refuseNewer(key: string, json: unknown, knownSchema = firstSchema): void {
  const schema = json && typeof json === 'object' && 'schemaVersion' in json && json.schemaVersion;
  if (typeof schema !== 'number' || schema <= knownSchema) return;
  throw new CertkeepError(
    'WrittenByNewerRelease',
    `${key}: schemaVersion ${schema} was written by a newer release, and this one knows ${knownSchema}; update the functions`,
  );
}
