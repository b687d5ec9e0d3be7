import { readdirSync, readFileSync } from 'node:fs';
import { posix } from 'node:path';

const root = new URL('../../', import.meta.url);

type Import = {
  /** A file of the project (`shared/time/clock.ts`), or a package or a module of Node as it is written. */
  readonly to: string;
  readonly isProject: boolean;
  /** Erased before anything runs. */
  readonly isType: boolean;
};

export type Source = { readonly path: string; readonly text: string; readonly imports: Import[] };

/** The TypeScript files of top folders, with what they import. */
export function sourcesOf(...folders: readonly string[]): readonly Source[] {
  return folders.flatMap((folder) =>
    readdirSync(new URL(folder, root), { recursive: true, withFileTypes: true })
      .filter((entry) => entry.isFile() && entry.name.endsWith('.ts'))
      .map((entry) => posix.join(entry.parentPath.slice(root.pathname.length), entry.name))
      .map((path) => {
        const text = readText(path);
        return { path, text, imports: importsIn(path, text) };
      }),
  );
}

export function readText(path: string): string {
  return readFileSync(new URL(path, root), 'utf8');
}

/** `shared` of `shared/time/clock.ts`; `local/cloud` and `local/demo` count as two. */
export function topFolder(path: string): string {
  const [top = '', next = ''] = path.split('/');
  return top === 'local' ? `${top}/${next}` : top;
}

/** `@aws-sdk/client-acm` of `@aws-sdk/client-acm/dist`, `zod` of `zod`. */
export function packageOf(specifier: string): string {
  return specifier
    .split('/')
    .slice(0, specifier.startsWith('@') ? 2 : 1)
    .join('/');
}

const importing =
  /^(?:import|export) (type )?[^'";]*?from '([^']+)'|^import '([^']+)'|import\('([^']+)'\)/gm;

function importsIn(path: string, text: string): Import[] {
  return [...text.matchAll(importing)].map(([, type, from, bare, dynamic]) => {
    const specifier = from ?? bare ?? dynamic ?? '';
    const isType = type !== undefined;
    const named = /^(?:#cloud|local-cloud)\/(.*)/.exec(specifier)?.[1];
    if (named) return { to: `local/cloud/${named}`, isProject: true, isType };
    if (specifier.startsWith('#')) return { to: specifier.slice(1), isProject: true, isType };
    if (!specifier.startsWith('.')) return { to: specifier, isProject: false, isType };
    return { to: posix.join(posix.dirname(path), specifier), isProject: true, isType };
  });
}
