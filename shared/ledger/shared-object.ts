import type { ObjectStore } from '#shared/aws/object-store.ts';
import { CertkeepError } from '#shared/errors.ts';

/** An object that the runs of several certificates read and write. */
export type SharedObject<Content> = {
  read(): Promise<Content>;
  /**
   * Compare-and-swap, again when somebody else was first; nothing is written where `change` returns what it
   * was given. An answer that got lost may apply a change twice.
   * @throws CertkeepError LedgerConflict after repeated defeat
   */
  update(change: (content: Content) => Content): Promise<Content>;
};

export type SharedObjectForm<Content> = {
  readonly key: string;
  /** Null where the text is not such a content, and is written anew: it is worth less than a renewal. */
  readonly parse: (json: unknown) => Content | null;
  readonly toJson: (content: Content) => unknown;
  readonly empty: Content;
};

const maxTries = 30;

export function sharedObject<Content>(
  objects: Pick<ObjectStore, 'get' | 'putIf'>,
  { key, parse, toJson, empty }: SharedObjectForm<Content>,
): SharedObject<Content> {
  async function load() {
    const stored = await objects.get(key);
    if (!stored) return { content: empty, etag: null };
    const content = parse(json(Buffer.from(stored.body).toString())) ?? empty;
    return { content, etag: stored.etag };
  }

  return {
    read: async () => (await load()).content,
    async update(change) {
      for (let tries = 0; tries < maxTries; tries += 1) {
        const { content, etag } = await load();
        const changed = change(content);
        if (changed === content) return content;
        const written = await objects.putIf(key, JSON.stringify(toJson(changed)), etag);
        if (written.outcome === 'written') return changed;
      }
      throw new CertkeepError('LedgerConflict', `${key}: others wrote first every time`);
    },
  };
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return null;
  }
}
