import type { ObjectPage, ObjectStore } from '#shared/object-store.ts';
import { idIn, partPrefix, type Writer, writers } from './parts/writers.ts';
import { isId, recordPrefix } from './record/record-object.ts';

/** The ETags of the objects of every certificate that ever had a record, configured or not, by their writers. */
export type Listing = ReadonlyMap<string, ReadonlyMap<Writer, string>>;

/** Lists a thousand names per request. A certificate of which only a version or a whole record is stored has no writers. */
export async function listed({
  folders,
  page,
}: Pick<ObjectStore, 'folders' | 'page'>): Promise<Listing> {
  const [stored, ...written] = await Promise.all([
    folders(recordPrefix),
    ...writers.map((writer) => etagsOf(page, writer)),
  ]);
  const all = new Map<string, Map<Writer, string>>(
    stored.filter(isId).map((id) => [id, new Map()]),
  );
  for (const [index, writer] of writers.entries()) {
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
