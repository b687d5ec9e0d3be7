import { registerHooks } from 'node:module';

/** A call into another file of the path. */
export type Jump = {
  /** File, line and column of the call; null where a message begins. */
  readonly from: string | null;
  /** The file of the function, below the followed folder. */
  readonly to: string;
  readonly name: string;
};

type AnyFunction = (this: unknown, ...given: unknown[]) => unknown;

/** What sources call at their end, each for the functions that it exports. */
declare global {
  var followed: (work: AnyFunction, file: string, name: string) => AnyFunction;
}

/**
 * From now on every module below `folder` that is loaded tells of the calls of its exported functions that come from
 * another file of the folder. A call counts where it is written, also where other code of the product (the ledger, a
 * helper that takes a function) stands between; a call by a double of a test does not. `entries` are the functions
 * that may be called from outside.
 */
export function follow(
  { folder, product }: { readonly folder: URL; readonly product: URL },
  entries: readonly string[],
  tell: (jump: Jump) => void,
): void {
  Error.stackTraceLimit = 100;
  globalThis.followed = (work, to, name) =>
    function (this: unknown, ...given) {
      const caller = callerIn(product);
      const from = caller?.startsWith(folder.href) ? caller.slice(folder.href.length) : null;
      const isEntry = caller === null && entries.includes(name);
      const isJump = from !== null && !from.startsWith(`${to}:`);
      if (isEntry || isJump) tell({ from, to, name });
      return work.apply(this, given);
    };
  registerHooks({
    load(url, context, next) {
      const loaded = next(url, context);
      if (!url.startsWith(folder.href)) return loaded;
      return { ...loaded, source: `${loaded.source}${following(url, folder, loaded.source)}` };
    },
  });

  /** Where the call stands; null where nothing of the product is nearer than a test. */
  function callerIn(product: URL): string | null {
    const frames = (new Error().stack ?? '').split('\n').flatMap((line) => {
      const at = /file:\/\/[^)]+/.exec(line)?.[0];
      return at === undefined || at.startsWith(import.meta.url) ? [] : [at];
    });
    const ours = frames.slice(
      0,
      frames.findIndex((at) => !at.startsWith(product.href)),
    );
    return ours.find((at) => at.startsWith(folder.href)) ?? null;
  }
}

/** A function declaration can be assigned to, and who imports it gets the new one. */
function following(url: string, folder: URL, source: unknown): string {
  const file = JSON.stringify(url.slice(folder.href.length));
  const names = [...String(source).matchAll(/^export (?:async )?function (\w+)/gm)];
  return names
    .map(([, name]) => `\n${name} = globalThis.followed(${name}, ${file}, '${name}');`)
    .join('');
}
