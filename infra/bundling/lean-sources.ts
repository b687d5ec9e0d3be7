import { readFileSync } from 'node:fs';
import type { Plugin } from 'esbuild';
import { withPlainSchemas } from './plain-schemas.ts';
import { withoutErrors, withShortErrors } from './short-errors.ts';

/** Clients whose answers name their errors. */
const speaksJson = /[\\/]client-(?:acm|eventbridge|lambda|secrets-manager|ssm)[\\/]/;

/** What `alias` cannot do: it replaces packages, but not single files within them. */
export function leanSources(stubs: {
  readonly acmeTransport: string;
  readonly scriptHashes: string;
  readonly adaptiveRetries: string;
}): Plugin {
  return {
    name: 'lean-sources',
    setup(build) {
      // acme-client's own transport is axios; certkeep gives it another one (issuers/acme/client.ts).
      build.onResolve({ filter: /^\.\/axios$/ }, ({ importer }) =>
        /[\\/]acme-client[\\/]src[\\/]/.test(importer) ? { path: stubs.acmeTransport } : undefined,
      );
      build.onResolve({ filter: /^\.\/(Md5|Sha1|Sha256)Js$/ }, () => ({
        path: stubs.scriptHashes,
      }));
      build.onResolve({ filter: /\/util-retry\/AdaptiveRetryStrategy$/ }, () => ({
        path: stubs.adaptiveRetries,
      }));
      build.onLoad({ filter: /[\\/]dist-es[\\/]schemas[\\/]schemas_\d+\.js$/ }, ({ path }) => {
        const source = withPlainSchemas(readFileSync(path, 'utf8'));
        return { contents: speaksJson.test(path) ? withoutErrors(source) : source };
      });
      build.onLoad({ filter: /[\\/]dist-es[\\/]models[\\/]errors\.js$/ }, ({ path }) => ({
        contents: withShortErrors(readFileSync(path, 'utf8')),
      }));
      // Each region brings its name for people, which no endpoint is made of.
      build.onLoad(
        { filter: /[\\/]util-endpoints[\\/]lib[\\/]aws[\\/]partitions\.js$/ },
        ({ path }) => ({
          contents: withoutDescriptions(readFileSync(path, 'utf8')),
        }),
      );
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

export function withoutDescriptions(source: string): string {
  return source.replace(/"description": "[^"]*"/g, '');
}
