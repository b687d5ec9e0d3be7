import { isCertkeepError } from '#shared/errors.ts';

/**
 * Asks for many keys with one call: the keys that callers want at the same time, `size` at most. Where the call is refused
 * because of one key, asks for each key alone, so that the others do not fail with it.
 */
export function batched<V>(options: {
  readonly size: number;
  readonly ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;
  /** Says whether an error is about one of the keys and not about the call. */
  readonly isAboutOne: (error: unknown) => boolean;
  /** The error for a key that an answer leaves out. */
  readonly absent: (key: string) => Error;
}): (key: string) => Promise<V> {
  const { size, ask, isAboutOne, absent } = options;
  const wanted = new Map<string, PromiseWithResolvers<V>>();

  async function askFor(keys: readonly string[], answers: Wanted<V>): Promise<void> {
    try {
      const found = await ask(keys);
      for (const key of keys) {
        const value = found.get(key);
        if (value === undefined) answers.get(key)?.reject(absent(key));
        else answers.get(key)?.resolve(value);
      }
    } catch (error) {
      if (keys.length > 1 && isAboutOne(error)) {
        await Promise.all(keys.map((key) => askFor([key], answers)));
        return;
      }
      for (const key of keys) answers.get(key)?.reject(error);
    }
  }

  function askForAll(): void {
    // A call in flight belongs to its callers only: an ended run leaves nothing behind that another would wait for.
    const answers = new Map(wanted);
    wanted.clear();
    const keys = [...answers.keys()];
    for (let start = 0; start < keys.length; start += size) {
      void askFor(keys.slice(start, start + size), answers);
    }
  }

  return (key) => {
    const known = wanted.get(key);
    if (known) return known.promise;
    if (wanted.size === 0) setImmediate(askForAll);
    const answer = Promise.withResolvers<V>();
    wanted.set(key, answer);
    return answer.promise;
  };
}

/**
 * Whoever asks for a key before the question about it is sent gets the same answer: it is as fresh as one of its own. `ask`
 * calls `sent` when it sends.
 */
export function unsent<V>(
  ask: (key: string, sent: () => void) => Promise<V>,
): (key: string) => Promise<V> {
  const waiting = new Map<string, Promise<V>>();
  return (key) => {
    const known = waiting.get(key);
    if (known !== undefined) return known;
    const sent = () => {
      if (waiting.get(key) === answer) waiting.delete(key);
    };
    const answer: Promise<V> = Promise.resolve()
      .then(() => ask(key, sent))
      .finally(sent);
    waiting.set(key, answer);
    return answer;
  };
}

/** Elastic Load Balancing refuses a whole call where one name or ARN in it is malformed or does not exist. */
export function isAboutOne(error: unknown): boolean {
  return isCertkeepError(error, 'ListenerNotFound') || isCertkeepError(error, 'ServiceRefused');
}

type Wanted<V> = ReadonlyMap<string, PromiseWithResolvers<V>>;

/** For people: `shop and 19 more`. */
export function together(keys: readonly string[]): string {
  const [first = '', ...others] = keys;
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}
