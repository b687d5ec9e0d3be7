import { isCertkeepError } from '#shared/errors.ts';

/**
 * Asks for many keys with one call: those that are wanted at once, `size` at a time. Where the call is refused for
 * one of them, each is asked for alone, so that the others do not suffer for it.
 */
export function batched<V>(options: {
  readonly size: number;
  readonly ask: (keys: readonly string[]) => Promise<ReadonlyMap<string, V>>;
  /** The error may be about one of the keys and not about the call. */
  readonly isAboutOne: (error: unknown) => boolean;
  /** For a key that an answer leaves out. */
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
    // What is under way is nobody else's: a run that is ended in between leaves nothing behind to wait for.
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

/** Elastic Load Balancing refuses a whole call where one name or ARN in it does not exist, or is none at all. */
export function isAboutOne(error: unknown): boolean {
  return isCertkeepError(error, 'ListenerNotFound') || isCertkeepError(error, 'ServiceRefused');
}

type Wanted<V> = ReadonlyMap<string, PromiseWithResolvers<V>>;

/** For people: `shop and 19 more`. */
export function together(keys: readonly string[]): string {
  const [first = '', ...others] = keys;
  return others.length > 0 ? `${first} and ${others.length} more` : first;
}
