import { dirname, relative, resolve, sep } from 'node:path';

/** Esbuild's source map, with source names that do not depend on where the project and its packages are. */
export function portableMap(text: string, path: string, root: string): string {
  const map = JSON.parse(text) as { sources: readonly string[] };
  const sources = map.sources.map((source) => portable(resolve(dirname(path), source), root));
  return JSON.stringify({ ...map, sources });
}

export function portable(source: string, root: string): string {
  const packages = source.lastIndexOf(`${sep}node_modules${sep}`);
  const portion = packages < 0 ? relative(root, source) : source.slice(packages + 1);
  return portion.replaceAll(sep, '/');
}
