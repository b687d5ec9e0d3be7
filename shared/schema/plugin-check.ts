import type { Finding, Path } from './finding.ts';

/** An entry of the file that a plugin is named in, as its schema has read it. */
export type Own<Config> = { readonly path: Path; readonly value: Config };

/** What a check of a plugin may see of the rest of the file; null is what is missing or wrong there, which is told by itself. */
export type SeenFile = {
  readonly account: string | null;
  readonly region: string | null;
  readonly solvers: readonly { readonly type: string }[] | null;
  readonly certificates: readonly {
    readonly id: string;
    readonly targets: readonly { readonly at: number; readonly value: { readonly type: string } }[];
  }[];
};

/** What the schema of a plugin cannot say, since it spans several entries or parts of the file. */
export type PluginCheck<Config> = (
  own: readonly Own<Config>[],
  file: SeenFile,
) => readonly Finding[];
