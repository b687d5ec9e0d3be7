import { createHash, randomUUID } from 'node:crypto';
import { mostBytes, type ObjectStore, ObjectTooLarge } from '#shared/object-store.ts';

export type FakeObjectStore = ObjectStore & {
  readonly objects: ReadonlyMap<string, string>;
  /** Objects asked for so far. */
  readonly reads: number;
  /** Conditional writes asked for so far. */
  readonly conditionalWrites: number;
  /**
   * The next conditional write happens, but its answer gets lost and the SDK sends it again: the caller
   * sees the conflict with itself, after what others did `meanwhile`.
   */
  loseNextAnswer(meanwhile?: () => Promise<unknown>): void;
  /** Runs once, right before the next conditional write: where a rival gets in between. */
  beforeNextWrite(rival: () => Promise<unknown>): void;
  /** The next conditional write conflicts although nothing has changed, as after a 409 that stays. */
  refuseNextWrites(count: number): void;
};

/** S3's conditional writes in memory; every call takes a turn of the event loop, so that rivals interleave. */
export function fakeObjectStore(): FakeObjectStore {
  const objects = new Map<string, { body: string; etag: string }>();
  let reads = 0;
  let conditionalWrites = 0;
  let lossOfAnswer: (() => Promise<unknown>) | null = null;
  let refusals = 0;
  let rival: (() => Promise<unknown>) | null = null;

  function write(key: string, body: string) {
    const etag = `"${createHash('md5').update(body).update(randomUUID()).digest('hex')}"`;
    objects.set(key, { body, etag });
    return etag;
  }

  return {
    get objects() {
      return new Map([...objects].map(([key, { body }]) => [key, body]));
    },
    get reads() {
      return reads;
    },
    get conditionalWrites() {
      return conditionalWrites;
    },
    loseNextAnswer: (meanwhile = async () => {}) => {
      lossOfAnswer = meanwhile;
    },
    beforeNextWrite: (next) => {
      rival = next;
    },
    refuseNextWrites: (count) => {
      refusals = count;
    },
    async get(key, most = mostBytes.small) {
      reads += 1;
      await turn();
      const stored = objects.get(key);
      const bytes = Buffer.byteLength(stored?.body ?? '');
      if (stored && bytes > most) throw new ObjectTooLarge(key, { bytes, most, etag: stored.etag });
      return stored ? { body: Buffer.from(stored.body), etag: stored.etag } : null;
    },
    async put(key, body) {
      await turn();
      write(key, Buffer.from(body).toString());
    },
    async putIf(key, body, etag) {
      const interrupt = rival;
      rival = null;
      await interrupt?.();
      await turn();
      conditionalWrites += 1;
      if (refusals > 0) {
        refusals -= 1;
        return { outcome: 'conflict' };
      }
      if ((objects.get(key)?.etag ?? null) !== etag) return { outcome: 'conflict' };
      const written = write(key, body);
      if (!lossOfAnswer) return { outcome: 'written', etag: written };
      const meanwhile = lossOfAnswer;
      lossOfAnswer = null;
      await meanwhile();
      return { outcome: 'conflict' };
    },
    async remove(key) {
      await turn();
      objects.delete(key);
    },
    async folders(prefix) {
      await turn();
      const below = [...objects.keys()].filter((key) => key.startsWith(prefix));
      const names = below.map((key) => key.slice(prefix.length).split('/'));
      return [...new Set(names.flatMap(([name, rest]) => (name && rest ? [name] : [])))].sort();
    },
    async page(prefix, after) {
      await turn();
      const below = [...objects].filter(([key]) => key.startsWith(prefix) && key > (after ?? ''));
      const inOrder = below.sort(([one], [other]) => (one < other ? -1 : 1));
      const found = inOrder.slice(0, 1_000).map(([key, { etag }]) => ({ key, etag }));
      return { objects: found, isLast: inOrder.length <= 1_000 };
    },
  };
}

function turn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve));
}
