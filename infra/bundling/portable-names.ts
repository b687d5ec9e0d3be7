import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { portable } from './portable-map.ts';

/** `plugin-6VQKMH5N.mjs`, or its source map. */
const hashed = /-([A-Z0-9]{8})\.mjs/;

/**
 * Esbuild puts a hash of where the sources lie into the names of chunks. What replaces it is as long, so that source maps still fit,
 * and says only which sources a chunk is made of: an asset is known by its bytes anyway.
 */
export function portableNames({ outputs }: Metafile, root: string): (text: string) => string {
  const names = Object.entries(outputs).flatMap(([path, { inputs }]) => {
    const [, old] = hashed.exec(basename(path)) ?? [];
    if (!old || path.endsWith('.map')) return [];
    const sources = Object.keys(inputs).map((input) => portable(resolve(root, input), root));
    const digest = createHash('sha256').update(sources.toSorted().join('\n')).digest('hex');
    return [[old, digest.slice(0, 8).toUpperCase()] as const];
  });
  return (text) =>
    names.reduce((all, [old, own]) => all.replaceAll(`-${old}.mjs`, `-${own}.mjs`), text);
}
