import { mkdir, writeFile } from 'node:fs/promises';
import { dirname } from 'node:path';
import { type BuildOptions, build } from 'esbuild';
import { bundleOptions } from './options.ts';
import { portableMap } from './portable-map.ts';

// Run by bundle.ts: `node build.ts ROOT DIRECTORY`.
const [root = '', directory = ''] = process.argv.slice(2);

const options = { ...bundleOptions(root, directory), write: false } satisfies BuildOptions;
const { outputFiles } = await build(options);
for (const { path, text } of outputFiles) {
  await mkdir(dirname(path), { recursive: true });
  await writeFile(path, path.endsWith('.map') ? portableMap(text, path, root) : text);
}
