import { execFileSync } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BundleName, bundleNames } from '#shared/installation.ts';

export type BundleOptions = {
  /** Where certkeep's sources are; these ones unless given. */
  readonly root?: string;
  /** Where to put the bundles; a temporary directory of this process unless given. */
  readonly directory?: string;
};

const ownRoot = fileURLToPath(new URL('..', import.meta.url));
const build = fileURLToPath(new URL('./bundling/build.ts', import.meta.url));

let ownBundles: ReadonlyMap<BundleName, string> | undefined;

/**
 * Bundles every function as Lambda gets it, one ES module with the SDK inside, and returns the directory of
 * each: `index.mjs`, its source map and nothing else. The same sources give the same bytes anywhere, since
 * an asset is known by its bytes. Built once a process unless a root or a directory is given.
 * @throws Error with what esbuild says
 */
export function bundleFunctions(options: BundleOptions = {}): ReadonlyMap<BundleName, string> {
  if (options.root ?? options.directory) return bundled(options);
  ownBundles ??= bundled(options);
  return ownBundles;
}

function bundled({
  root = ownRoot,
  directory = temporaryDirectory(),
}: BundleOptions): ReadonlyMap<BundleName, string> {
  // Constructs are synchronous, and esbuild takes plugins only when it is not: hence a process of its own.
  const options = [...loaders(process.execArgv), build, root, directory];
  execFileSync(process.execPath, options, { stdio: ['ignore', 'pipe', 'pipe'] });
  return new Map(bundleNames.map((name) => [name, join(directory, name)]));
}

/** What lets this process run TypeScript where Node does not, below node_modules: `tsx` gives two such options. */
function loaders(options: readonly string[]): readonly string[] {
  return options.flatMap((option, index) => {
    const [, , written] =
      /^(--import|--require|-r|--loader|--experimental-loader)(=|$)/.exec(option) ?? [];
    if (written === undefined) return [];
    return written ? [option] : [option, options[index + 1] ?? ''];
  });
}

function temporaryDirectory(): string {
  const directory = mkdtempSync(join(tmpdir(), 'certkeep-functions-'));
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }));
  return directory;
}
