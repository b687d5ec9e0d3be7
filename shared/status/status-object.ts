import { mostBytes, type ObjectStore, ObjectTooLarge, textOf } from '#shared/object-store.ts';
import { type Status, statusSchema } from './status-schema.ts';

/** Check writes it at the end of each run; nobody else may. */
export const statusKey = 'status/status.json';

/** The object as it is stored; `status` is null where there is none, or where it cannot be read. */
export type StoredStatus = { readonly status: Status | null; readonly etag: string | null };

/** What cannot be read is written anew: the records know everything but since when. */
export async function readStatus(objects: Pick<ObjectStore, 'get'>): Promise<StoredStatus> {
  try {
    const stored = await objects.get(statusKey, mostBytes.state);
    if (!stored) return { status: null, etag: null };
    return { status: parsed(textOf(stored.body)), etag: stored.etag };
  } catch (error) {
    if (error instanceof ObjectTooLarge) return { status: null, etag: error.etag };
    throw error;
  }
}

function parsed(text: string): Status | null {
  try {
    const { data } = statusSchema.safeParse(JSON.parse(text));
    return data ?? null;
  } catch {
    return null;
  }
}

/** Returns false where another check has written meanwhile, which knows as much. */
export async function writeStatus(
  objects: Pick<ObjectStore, 'putIf'>,
  status: Status,
  etag: string | null,
): Promise<boolean> {
  const { outcome } = await objects.putIf(statusKey, statusText(status), etag);
  return outcome === 'written';
}

/** One line for each certificate, so that people can read it with the tools that they have. */
export function statusText(status: Status): string {
  const { certificates, ...rest } = status;
  const head = JSON.stringify(rest).slice(0, -1);
  const lines = certificates.map((each) => JSON.stringify(each));
  return `${head},"certificates":[\n${lines.join(',\n')}\n]}\n`;
}
