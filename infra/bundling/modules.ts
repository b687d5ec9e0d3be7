import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The modules of a bundled function: those that load with it, and those that it loads on demand. */
export type Modules = {
  /** `index.mjs` and its static imports. */
  readonly atOnce: readonly string[];
  readonly later: readonly string[];
};

/** The form in which esbuild writes imports when it minifies: `from"./chunk-….mjs"`, `import"./chunk-….mjs"`. */
const importing = /(?:from|import)\s?"\.\/([^"]+\.mjs)"/g;

export function modulesIn(directory: string): Modules {
  const atOnce = new Set<string>();
  function load(file: string): void {
    if (atOnce.has(file)) return;
    atOnce.add(file);
    const text = readFileSync(join(directory, file), 'utf8');
    for (const [, imported = ''] of text.matchAll(importing)) load(imported);
  }
  load('index.mjs');
  const all = readdirSync(directory).filter((file) => file.endsWith('.mjs'));
  return { atOnce: [...atOnce], later: all.filter((file) => !atOnce.has(file)) };
}
