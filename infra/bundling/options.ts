import type { BuildOptions } from 'esbuild';
import { stubs } from './stubs.ts';

/** The CommonJS of acme-client calls `require`, which ES modules do not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/**
 * How one function is bundled, from its source below `root` into `directory`: `index.mjs` with all that it always needs, and a
 * chunk for each plugin, which is loaded where the configuration names it.
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
    // Names and lines are enough for a stack trace, and Node reads the map of every function that starts.
    sourcesContent: false,
    legalComments: 'none',
    banner: { js: requireBanner },
    plugins: [stubs(root)],
    logLevel: 'silent',
  } as const satisfies BuildOptions;
}
