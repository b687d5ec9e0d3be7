import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { FileSystem } from 'aws-cdk-lib';
import { buildSync } from 'esbuild';
import { type FunctionName, functionNames } from '#functions/names.ts';

const root = fileURLToPath(new URL('..', import.meta.url));

/** Bundles every function in one pass: the directory of each. */
export function bundleFunctions(): ReadonlyMap<FunctionName, string> {
  const outdir = FileSystem.mkdtemp('certkeep-');
  buildSync({
    absWorkingDir: root,
    entryPoints: functionNames.map((name) => ({
      in: `functions/${name}.ts`,
      out: join(name, 'index'),
    })),
    outdir,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'linked',
    sourcesContent: false,
    banner: {
      js: "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);",
    },
  });
  return new Map(functionNames.map((name) => [name, join(outdir, name)]));
}
