import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { withShortErrors } from './short-errors.ts';

/** What `alias` cannot do: it replaces packages, but not single files within them. */
export function leanSources({ acmeTransport }: { readonly acmeTransport: string }): Plugin {
  return {
    name: 'lean-sources',
    setup(build) {
      // acme-client's own transport is axios; certkeep gives it another one (issuers/acme/client.ts).
      build.onResolve({ filter: /^\.\/axios$/ }, ({ importer }) =>
        /[\\/]acme-client[\\/]src[\\/]/.test(importer) ? { path: acmeTransport } : undefined,
      );
      build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => ({
        contents: withPlainKeys(readFileSync(path, 'utf8')),
      }));
      build.onLoad({ filter: /[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, ({ path }) => ({
        contents: withShortErrors(readFileSync(path, 'utf8')),
      }));
      // A client wants to know its own version, and carries its list of dependencies for it.
      build.onLoad(
        { filter: /[\\/]@aws-sdk[\\/]client-[\w-]+[\\/]package\.json$/ },
        ({ path }) => ({
          contents: JSON.stringify({ version: JSON.parse(readFileSync(path, 'utf8')).version }),
          loader: 'json',
        }),
      );
    },
  };
}

/**
 * The SDK writes `const _h = "http"` and then `{ [_h]: … }` in the schema of every operation. Esbuild keeps
 * what has a computed key, and so all 110 operations of S3 for the three in use; `{ "http": … }` means the
 * same and may go.
 */
export function withPlainKeys(source: string): string {
  const constants = new Map(
    [...source.matchAll(/^const (_\w+) = ("[^"\\]*");$/gm)].map(([, name, text]) => [name, text]),
  );
  return source.replace(/\[(_\w+)\]:/g, (computed, name) => {
    const text = constants.get(name);
    return text === undefined ? computed : `${text}:`;
  });
}
