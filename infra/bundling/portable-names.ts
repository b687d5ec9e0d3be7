import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import type { Metafile } from 'esbuild';
import { portable } from './portable-map.ts';

/** `plugin-6VQKMH5N.mjs`, or its source map. */
const hashed = /-([A-Z0-9]{8})\.mjs/;

/**
 * Esbuild puts a hash of the sources' paths into the names of chunks. The replacement has the same length, so that source
 * maps still fit, and depends only on which sources a chunk is made of: an asset is identified by its bytes anyway.
 */
export function portableNames({ outputs }: Metafile, root: string): (text: string) => string {
  const names = Object.entries(outputs).flatMap(([path, { entryPoint = '', inputs }]) => {
    const [, old] = hashed.exec(basename(path)) ?? [];
    if (!old || path.endsWith('.map')) return [];
    // A plugin whose code is in shared chunks has no source of its own, so its entry point distinguishes it.
    const here = (source: string) => portable(resolve(root, source), root);
    const named = [entryPoint && here(entryPoint), ...Object.keys(inputs).map(here).toSorted()];
    const digest = createHash('sha256').update(named.join('\n')).digest('hex');
    return [[old, digest.slice(0, 8).toUpperCase()] as const];
  });
  const distinct = new Set(names.map(([, own]) => own));
  if (distinct.size !== names.length) throw new Error('two chunks would have one name');
  return (text) =>
    names.reduce((all, [old, own]) => all.replaceAll(`-${old}.mjs`, `-${own}.mjs`), text);
}
