import { join } from 'node:path';
import type { BuildOptions } from 'esbuild';
import { bundleNames } from '#functions/names.ts';
import { leanSources } from './lean-sources.ts';

/** The CommonJS of acme-client calls `require`, which ES modules do not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/** One build for all functions, so that each source is read once. */
export function bundleOptions(root: string, directory: string): BuildOptions {
  const stub = (name: string) => join(root, 'infra', 'stubs', `${name}.ts`);
  return {
    absWorkingDir: root,
    entryPoints: bundleNames.map((name) => ({
      in: join('functions', `${name}.ts`),
      out: join(name, 'index'),
    })),
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'linked',
    // Names and lines are enough for a stack trace, and Node reads the map of every function that starts.
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: requireBanner },
    alias: {
      '@aws-sdk/credential-provider-node': stub('credential-chain'),
      '@smithy/core/event-streams': stub('event-streams'),
    },
    plugins: [
      leanSources({
        acmeTransport: stub('acme-transport'),
        scriptHashes: stub('script-hashes'),
        adaptiveRetries: stub('adaptive-retries'),
      }),
    ],
    logLevel: 'silent',
  };
}
