import { createHash } from 'node:crypto';
import { basename, join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { build } from 'esbuild';
import { bundleOptions } from '#infra/bundling/options.ts';
import { type BundleName, bundleNames } from '#shared/installation.ts';

export type BundledFunction = {
  readonly name: BundleName;
  /** SHA-256 of its deployed modules, in the order of their names, in lower-case hex. */
  readonly sha256: string;
  /** The lock file's paths of the packages that contribute any byte, sorted. */
  readonly packages: readonly string[];
};

const root = fileURLToPath(new URL('../..', import.meta.url));

/** Bundles every function as a deployment does, and finds the packages that its bytes come from. */
export function bundledPackages(): Promise<readonly BundledFunction[]> {
  return Promise.all(bundleNames.map(bundled));
}

async function bundled(name: BundleName): Promise<BundledFunction> {
  const options = bundleOptions(root, join('functions', `${name}.ts`), join(root, 'dist', name));
  const { metafile, outputFiles } = await build({ ...options, write: false, metafile: true });
  const modules = outputFiles.filter(({ path }) => path.endsWith('.mjs'));
  const hash = createHash('sha256');
  for (const { contents } of modules.toSorted((one, other) =>
    fileOf(one) < fileOf(other) ? -1 : 1,
  )) {
    hash.update(contents);
  }
  const used = Object.values(metafile.outputs)
    .flatMap(({ inputs }) => Object.entries(inputs))
    .filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = used.flatMap(([source]) => packageOf(source) ?? []);
  return { name, sha256: hash.digest('hex'), packages: [...new Set(packages)].sort() };
}

function fileOf({ path }: { readonly path: string }): string {
  return basename(path);
}

/** `node_modules/a/node_modules/@b/c` for any file in it; null for a source of our own. */
export function packageOf(source: string): string | null {
  const [found] = /node_modules\/.*(?<=node_modules\/)(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source) ?? [];
  return found ?? null;
}
