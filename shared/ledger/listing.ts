import type { ObjectPage, ObjectStore } from '#shared/object-store.ts';
import { idIn, partPrefix, type Writer, writers } from './parts/writers.ts';
import { isId, recordPrefix } from './record/record-object.ts';

/** The ETags of the objects of every certificate that ever had a record, configured or not, by their writers. */
export type Listing = ReadonlyMap<string, ReadonlyMap<Writer, string>>;

/**
 * Lists a thousand names per request: what all writers have written, or only these. A certificate of which only a version or
 * a whole record is stored has no writers, and is listed with all of them.
 */
export async function listed(
  { folders, page }: Pick<ObjectStore, 'folders' | 'page'>,
  only?: readonly Writer[],
): Promise<Listing> {
  const asked = only ?? writers;
  const [stored, ...written] = await Promise.all([
    only ? [] : folders(recordPrefix),
    ...asked.map((writer) => etagsOf(page, writer)),
  ]);
  const all = new Map<string, Map<Writer, string>>(
    stored.filter(isId).map((id) => [id, new Map()]),
  );
  for (const [index, writer] of asked.entries()) {
    for (const [id, etag] of written[index] ?? []) {
      all.set(id, (all.get(id) ?? new Map()).set(writer, etag));
    }
  }
  return all;
}

async function etagsOf(
  page: ObjectStore['page'],
  writer: Writer,
): Promise<readonly (readonly [id: string, etag: string])[]> {
  const found: (readonly [string, string])[] = [];
  let after: string | null = null;
  do {
    const { isLast, objects }: ObjectPage = await page(partPrefix(writer), after);
    for (const { etag, key } of objects) {
      const id = idIn(writer, key);
      if (id !== null) found.push([id, etag]);
    }
    after = isLast ? null : (objects.at(-1)?.key ?? null);
  } while (after !== null);
  return found;
}

/** Of each ETag, without its quotation marks: it is as good as random, so that two which differ later differ here. */
const kept = 10;

/** Returns a text without spaces that changes with the ETags of one record; empty where nobody has written anything. */
export function digestOfRecord(listing: Listing, id: string): string {
  const etags = listing.get(id);
  if (!etags) return '';
  return writers
    .map((writer) => etags.get(writer)?.replaceAll('"', '').slice(0, kept) ?? '')
    .join('.')
    .replace(/^\.+$/, '');
}
