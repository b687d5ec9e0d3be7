import type { ObjectStore } from '#shared/object-store.ts';
import { idsIn, partPrefix, type Writer, writers } from './parts/writers.ts';
import { isId, recordPrefix } from './record/record-object.ts';

/** The writers of every certificate that ever had a record, configured or not. */
export type Listing = ReadonlyMap<string, ReadonlySet<Writer>>;

/** Lists a thousand names per request. A certificate of which only a version or a whole record is stored has no writers. */
export async function listed({
  folders,
  page,
}: Pick<ObjectStore, 'folders' | 'page'>): Promise<Listing> {
  const [stored, ...written] = await Promise.all([
    folders(recordPrefix),
    ...writers.map((writer) => idsOf(page, writer)),
  ]);
  const all = new Map<string, Set<Writer>>(stored.filter(isId).map((id) => [id, new Set()]));
  for (const [index, writer] of writers.entries()) {
    for (const id of written[index] ?? []) all.set(id, (all.get(id) ?? new Set()).add(writer));
  }
  return all;
}

async function idsOf(page: ObjectStore['page'], writer: Writer): Promise<readonly string[]> {
  const ids: string[] = [];
  let after: string | null = null;
  do {
    const { isLast, objects } = await page(partPrefix(writer), after);
    const keys: readonly string[] = objects.map(({ key }) => key);
    ids.push(...idsIn(writer, keys));
    after = isLast ? null : (keys.at(-1) ?? null);
  } while (after !== null);
  return ids;
}
