import { createHash } from 'node:crypto';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { type BuildResult, build } from 'esbuild';
import { type BundleName, bundleNames } from '#functions/names.ts';
import { bundleOptions } from '#infra/bundling/options.ts';

export type BundledFunction = {
  readonly name: BundleName;
  /** SHA-256 of its `index.mjs` as it is deployed, in lower-case hex. */
  readonly sha256: string;
  /** Paths of the packages that it holds a byte of, as the lock file has them; in order. */
  readonly packages: readonly string[];
};

type Built = BuildResult<ReturnType<typeof options>>;

const root = fileURLToPath(new URL('../..', import.meta.url));

const options = () =>
  ({ ...bundleOptions(root, join(root, 'dist')), write: false, metafile: true }) as const;

/** Bundles every function as a deployment does, and looks where its bytes come from. */
export async function bundledPackages(): Promise<readonly BundledFunction[]> {
  const built = await build(options());
  return bundleNames.map((name) => bundled(name, built));
}

function bundled(name: BundleName, { metafile, outputFiles }: Built): BundledFunction {
  const path = `${name}/index.mjs`;
  const [, output] =
    Object.entries(metafile.outputs).find(([written]) => written.endsWith(path)) ?? [];
  const file = outputFiles.find((each) => each.path.endsWith(path));
  if (!output || !file) throw new Error(`esbuild has made no ${path}`);
  const used = Object.entries(output.inputs).filter(([, { bytesInOutput }]) => bytesInOutput > 0);
  const packages = used.flatMap(([source]) => packageOf(source) ?? []);
  return {
    name,
    sha256: createHash('sha256').update(file.contents).digest('hex'),
    packages: [...new Set(packages)].sort(),
  };
}

/** `node_modules/a/node_modules/@b/c` of any file in there; null for a source of our own. */
export function packageOf(source: string): string | null {
  const [found] = /node_modules\/.*(?<=node_modules\/)(?:@[^/]+\/)?[^/]+(?=\/)/.exec(source) ?? [];
  return found ?? null;
}
