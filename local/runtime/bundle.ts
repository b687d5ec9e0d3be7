import { join } from 'node:path';
import { build } from 'esbuild';
import type { FunctionWiring } from './wiring-types.ts';

export type Bundles = {
  /** Function name to the absolute path of its bundle. */
  readonly files: ReadonlyMap<string, string>;
  readonly bytes: ReadonlyMap<string, number>;
  readonly durationMs: number;
};

/** CommonJS inside the bundle may call `require`, which ES modules do not have. */
const requireBanner =
  "import { createRequire as bundleRequire } from 'node:module'; const require = bundleRequire(import.meta.url);";

/**
 * Bundles each function as Lambda gets it: one ES module with the SDK inside, at
 * `<directory>/<name>/index.mjs`. All in one build, so that each source is read once.
 */
export async function bundleFunctions(
  functions: readonly Pick<FunctionWiring, 'name' | 'entry'>[],
  options: { readonly root: string; readonly directory: string },
): Promise<Bundles> {
  const startedAt = performance.now();
  const { metafile } = await build({
    absWorkingDir: options.root,
    entryPoints: functions.map(({ name, entry }) => ({ in: entry, out: join(name, 'index') })),
    outdir: options.directory,
    outExtension: { '.js': '.mjs' },
    bundle: true,
    format: 'esm',
    platform: 'node',
    target: 'node24',
    mainFields: ['module', 'main'],
    minify: true,
    sourcemap: 'linked',
    banner: { js: requireBanner },
    metafile: true,
    logLevel: 'silent',
  });
  const outputs = Object.entries(metafile.outputs);
  const file = (name: string) => join(options.directory, name, 'index.mjs');
  const bytesOf = (name: string) =>
    outputs.find(([path]) => path.endsWith(join(name, 'index.mjs')))?.[1].bytes ?? 0;
  return {
    files: new Map(functions.map(({ name }) => [name, file(name)])),
    bytes: new Map(functions.map(({ name }) => [name, bytesOf(name)])),
    durationMs: Math.round(performance.now() - startedAt),
  };
}
