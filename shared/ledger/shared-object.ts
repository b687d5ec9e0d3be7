import type * as z from 'zod/mini';
import { CertkeepError } from '#shared/errors.ts';
import { mostBytes, type ObjectStore, ObjectTooLarge, textOf } from '#shared/object-store.ts';
import { refuseNewer } from './ledger-object.ts';
import { boundsOfFleet, excessIn, holdsTooMany } from './record/bounds.ts';

/** An object that the runs of several certificates read and write. */
export type SharedObject<Content> = {
  read(): Promise<Content>;
  /**
   * Compare-and-swap, repeated when somebody else was first; it writes nothing where `change` returns its argument. What
   * this process changes at the same time is one write. A lost answer may apply a change twice.
   * @throws CertkeepError LedgerConflict after repeated defeat, WrittenByNewerRelease
   */
  update(change: (content: Content) => Content): Promise<Content>;
};

export type SharedObjectForm<Content> = {
  readonly key: string;
  /** The key of an earlier release: it is read while there is nothing under `key`. */
  readonly formerKey?: string;
  /**
   * Returns null where the JSON is not such a content. The object is then written anew: it is worth less than a renewal.
   */
  readonly parse: (json: unknown) => Content | null;
  /** `stored` is the present content of the object; fields of a newer release in it must stay. */
  readonly toJson: (content: Content, stored: unknown) => unknown;
  readonly empty: Content;
  /**
   * One function alone writes it, seldom in two runs at once. So an update begins with what this process has last seen of it,
   * and S3 says whether that still holds: the object is not read twice. Its `toJson` gets no `stored`.
   */
  readonly hasOneWriter?: boolean;
  /** The most bytes that are read; `mostBytes.fleet` unless given. */
  readonly most?: number;
};

const maxTries = 30;

export function sharedObject<Content>(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  {
    key,
    formerKey,
    parse,
    toJson,
    empty,
    hasOneWriter = false,
    most = mostBytes.fleet,
  }: SharedObjectForm<Content>,
): SharedObject<Content> {
  let last: Loaded<Content> | null = null;

  async function load(): Promise<Loaded<Content>> {
    last = null;
    const loaded = await loadFromS3();
    if (hasOneWriter) last = { ...loaded, held: null };
    return loaded;
  }

  async function loadFromS3(): Promise<Loaded<Content>> {
    const stored = await read(objects, key, most);
    const former = !stored && formerKey ? await read(objects, formerKey, most) : null;
    const body = (stored ?? former)?.body;
    const etag = stored?.etag ?? null;
    if (!body) return { content: empty, etag, held: null };
    const held = json(textOf(body));
    refuseNewer(key, held);
    return { content: parse(held) ?? empty, etag, held };
  }

  /** Applies the changes in their order, in one write. */
  async function updateAll(waiting: readonly Waiting<Content>[]): Promise<void> {
    for (let tries = 0; tries < maxTries; tries += 1) {
      const known = tries === 0 ? last : null;
      const { content, etag, held } = known ?? (await load());
      let changed = content;
      let isRefused = false;
      const settled = waiting.map(({ change, reject, resolve }) => {
        try {
          const own = change(changed);
          changed = own;
          return () => resolve(own);
        } catch (error) {
          isRefused = true;
          return () => reject(error);
        }
      });
      // A change that refuses, or changes nothing, may judge by outdated data.
      if (known && (isRefused || changed === content)) continue;
      if (changed !== content) {
        last = null;
        const written = await objects.putIf(key, JSON.stringify(toJson(changed, held)), etag);
        if (written.outcome !== 'written') continue;
        if (hasOneWriter) last = { content: changed, etag: written.etag, held: null };
      }
      for (const settle of settled) settle();
      return;
    }
    throw new CertkeepError('LedgerConflict', `${key}: others wrote first every time`);
  }

  const queue = queueOf<Content>(objects, key);

  async function work(): Promise<void> {
    while (queue.waiting.length > 0) {
      const waiting = queue.waiting.splice(0);
      await updateAll(waiting).catch((error) => {
        for (const { reject } of waiting) reject(error);
      });
    }
    queue.isAtWork = false;
  }

  return {
    read: async () => (await load()).content,
    update(change) {
      return new Promise((resolve, reject) => {
        queue.waiting.push({ change, resolve, reject });
        if (queue.isAtWork) return;
        queue.isAtWork = true;
        void work();
      });
    },
  };
}

type Loaded<Content> = {
  readonly content: Content;
  readonly etag: string | null;
  /** The JSON that was read; null where there is none. */
  readonly held: unknown;
};

type Waiting<Content> = {
  readonly change: (content: Content) => Content;
  readonly resolve: (content: Content) => void;
  readonly reject: (error: unknown) => void;
};

type Queue<Content> = { readonly waiting: Waiting<Content>[]; isAtWork: boolean };

const queues = new WeakMap<object, Map<string, Queue<never>>>();

/** The certificates of one run would otherwise write against each other. */
function queueOf<Content>(objects: object, key: string): Queue<Content> {
  const known = queues.get(objects) ?? new Map<string, Queue<never>>();
  queues.set(objects, known);
  const queue = known.get(key) ?? { waiting: [], isAtWork: false };
  known.set(key, queue);
  return queue as unknown as Queue<Content>;
}

/** An object that is too large is not such a content either, and is written anew. */
async function read(
  objects: Pick<ObjectStore, 'get'>,
  key: string,
  most: number,
): Promise<{ readonly body: Uint8Array | null; readonly etag: string } | null> {
  try {
    return await objects.get(key, most);
  } catch (error) {
    if (error instanceof ObjectTooLarge) return { body: null, etag: error.etag };
    throw error;
  }
}

/**
 * Reads each entry by itself: an unreadable one counts as absent and does not affect the others. Null where the JSON is not
 * such an object.
 */
export function readableEntries<Entry extends z.ZodMiniType>(
  entry: Entry,
  json: unknown,
): Readonly<Record<string, z.output<Entry>>> | null {
  if (typeof json !== 'object' || json === null || Array.isArray(json)) return null;
  const read = Object.entries(json).flatMap(([key, value]) => {
    const { success, data } = entry.safeParse(value);
    return success ? [[key, data] as const] : [];
  });
  return Object.fromEntries(read);
}

function json(text: string): unknown {
  if (holdsTooMany(text, boundsOfFleet)) return null;
  try {
    const read: unknown = JSON.parse(text);
    return excessIn(read, boundsOfFleet) === null ? read : null;
  } catch {
    return null;
  }
}
