import { registerHooks } from 'node:module';

/** A call of a function of the path. */
export type Call = {
  /** File, line and column of the call; null where a message begins. */
  readonly from: string | null;
  /** The file of the function, below the followed folder. */
  readonly to: string;
  readonly name: string;
};

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/** The hook that instrumented sources call at their end, once for each of their functions. */
declare global {
  var followed: (work: AnyFunction, file: string, name: string) => AnyFunction;
}

/**
 * From now on every module below `folder` that is loaded tells of the calls of its functions that come from the folder. A
 * call counts where it is written, also where other code of the product (the ledger, a helper that takes a function)
 * stands between; one by a double of a test does not. `entries` are the functions that are called from outside.
 */
export function follow(
  { folder, product }: { readonly folder: URL; readonly product: URL },
  entries: readonly string[],
  tell: (call: Call) => void,
): void {
  Error.stackTraceLimit = 100;
  globalThis.followed = (work, to, name) =>
    function (this: unknown, ...given) {
      const caller = callerIn(folder, product);
      const from = caller === null ? null : caller.slice(folder.href.length);
      if (from !== null || entries.includes(name)) tell({ from, to, name });
      return work.apply(this, given);
    };
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith(folder.href)) return loaded;
      const file = url.slice(folder.href.length);
      return { ...loaded, source: `${loaded.source}${following(file, String(loaded.source))}` };
    },
  });
}

/** Where the call stands; null where a test is nearer than the folder. */
function callerIn(folder: URL, product: URL): string | null {
  const frames = (new Error().stack ?? '').split('\n').flatMap((line) => {
    const at = /file:\/\/[^)]+/.exec(line)?.[0];
    return at === undefined || at.startsWith(import.meta.url) ? [] : [at];
  });
  const foreign = frames.findIndex((at) => !at.startsWith(product.href));
  const ours = foreign < 0 ? frames : frames.slice(0, foreign);
  return ours.find((at) => at.startsWith(folder.href)) ?? null;
}

/** A function declaration can be assigned to, and who imports it gets the new one. */
function following(file: string, source: string): string {
  const names = [...source.matchAll(/^(?:export )?(?:async )?function (\w+)/gm)];
  return names
    .map(([, name]) => `\n${name} = globalThis.followed(${name}, '${file}', '${name}');`)
    .join('');
}
