import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleName, bundleNames } from '#shared/installation.ts';

export type BundleOptions = {
  /** The root of certkeep's sources; by default this project. */
  readonly root?: string;
  /** The output directory; by default a temporary directory of this process. */
  readonly directory?: string;
};

const ownRoot = fileURLToPath(new URL('..', import.meta.url));
const build = fileURLToPath(new URL('./bundling/build.ts', import.meta.url));

/** The package that others install has the bundles in it, and neither their sources nor esbuild (scripts/build.ts). */
const isPackaged = import.meta.filename.endsWith('.js');
const packaged = fileURLToPath(new URL('../bundles', import.meta.url));

let ownBundles: ReadonlyMap<BundleName, string> | undefined;

/**
 * Bundles every function for Lambda as one ES module with the SDK inside, and returns the directory of each: `index.mjs`,
 * its source map and nothing else. The same sources give the same bytes on any machine, since an asset is identified by its
 * bytes. Builds once per process unless a root or a directory is given, and not at all in the package that others install.
 * @throws Error with esbuild's message
 */
export function bundleFunctions(options: BundleOptions = {}): ReadonlyMap<BundleName, string> {
  if (options.root ?? options.directory) return bundled(options);
  ownBundles ??= isPackaged ? bundlesIn(packaged) : bundled(options);
  return ownBundles;
}

function bundled({
  root = ownRoot,
  directory = temporaryDirectory(),
}: BundleOptions): ReadonlyMap<BundleName, string> {
  // Constructs are synchronous, but esbuild accepts plugins only when called asynchronously, so it runs in another process.
  execFileSync(process.execPath, [build, root, directory], { stdio: ['ignore', 'pipe', 'pipe'] });
  return bundlesIn(directory);
}

function bundlesIn(directory: string): ReadonlyMap<BundleName, string> {
  return new Map(bundleNames.map((name) => [name, join(directory, name)]));
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'certkeep-functions-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
