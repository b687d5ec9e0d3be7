import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** The modules of a bundled function: what is loaded with it, and what it loads when it needs it. */
export type Modules = {
  /** `index.mjs` and all that it imports statically. */
  readonly atOnce: readonly string[];
  readonly later: readonly string[];
};

/** As esbuild writes it where it minifies: `from"./chunk-….mjs"`, `import"./chunk-….mjs"`. */
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
