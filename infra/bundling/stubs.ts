import { join } from 'node:path';
import type { Plugin } from 'esbuild';

/** Modules that packages import but nothing calls, each with its replacement (infra/stubs/). */
const replaced: readonly {
  readonly module: RegExp;
  /** Replaces the module only where such a file imports it. */
  readonly importer?: RegExp;
  readonly stub: string;
}[] = [
  // acme-client's own transport is axios; certkeep replaces it (shared/issuers/acme/client.ts).
  { module: /^\.\/axios$/, importer: /[\\/]acme-client[\\/]src[\\/]/, stub: 'acme-transport' },
  { module: /^\.\/crypto$/, importer: /[\\/]acme-client[\\/]src[\\/]/, stub: 'acme-crypto' },
  { module: /^@aws-sdk\/credential-provider-node$/, stub: 'credential-chain' },
  { module: /^@smithy\/core\/event-streams$/, stub: 'event-streams' },
  { module: /^\.\/(Md5|Sha1|Sha256)Js$/, stub: 'script-hashes' },
  { module: /\/util-retry\/AdaptiveRetryStrategy$/, stub: 'adaptive-retries' },
];

export function stubs(root: string): Plugin {
  return {
    name: 'stubs',
    setup(build) {
      for (const { module, importer = /./, stub } of replaced) {
        const path = join(root, 'infra', 'stubs', `${stub}.ts`);
        build.onResolve({ filter: module }, (asked) =>
          importer.test(asked.importer) ? { path } : undefined,
        );
      }
    },
  };
}
