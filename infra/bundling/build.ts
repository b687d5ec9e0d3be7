import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { build } from 'esbuild';
import { type BundleName, bundleNames } from '#shared/installation.ts';
import { bundleOptions } from './options.ts';
import { portableMap } from './portable-map.ts';
import { portableNames } from './portable-names.ts';

// bundle.ts runs this: `node build.ts ROOT DIRECTORY`.
const [root = '', directory = ''] = process.argv.slice(2);

await Promise.all(bundleNames.map(bundle));

async function bundle(name: BundleName): Promise<void> {
  const into = join(directory, name);
  const options = bundleOptions(root, join('functions', `${name}.ts`), into);
  const { metafile, outputFiles } = await build({ ...options, write: false, metafile: true });
  const renamed = portableNames(metafile, root);
  await mkdir(into, { recursive: true });
  for (const { path, text } of outputFiles) {
    const portable = path.endsWith('.map') ? portableMap(text, path, root) : text;
    await writeFile(renamed(path), renamed(portable));
  }
}
