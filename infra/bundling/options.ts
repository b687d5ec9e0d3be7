import type { BuildOptions } from 'esbuild';
import { stubs } from './stubs.ts';

/** The CommonJS of acme-client calls `require`, which ES modules do not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/**
 * Bundles one function from its source below `root` into `directory`: `index.mjs` with everything that it always needs, and
 * a chunk per plugin, which it loads where the configuration names the plugin.
 */
export function bundleOptions(root: string, source: string, directory: string) {
  return {
    absWorkingDir: root,
    entryPoints: [{ in: source, out: 'index' }],
    outdir: directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    splitting: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'linked',
    // Names and lines are enough for a stack trace, and Node reads the source map of every function that starts.
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: requireBanner },
    plugins: [stubs(root)],
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}
