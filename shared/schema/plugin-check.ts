import type { Finding, Path } from './finding.ts';

/** An entry of the file that names a plugin, as its schema has read it. */
export type Own<Config> = { readonly path: Path; readonly value: Config };

/** The rest of the file, as a plugin's check may see it; null for a missing or wrong part, which other checks report. */
export type SeenFile = {
  readonly account: string | null;
  readonly region: string | null;
  /** The keys under `places`, as written. */
  readonly places: readonly string[];
  readonly solvers: readonly { readonly type: string }[] | null;
  readonly certificates: readonly {
    readonly id: string;
    readonly targets: readonly { readonly at: number; readonly value: { readonly type: string } }[];
  }[];
};

/** Checks what the schema of a plugin cannot, since it spans several entries or parts of the file. */
export type PluginCheck<Config> = (
  own: readonly Own<Config>[],
  file: SeenFile,
) => readonly Finding[];
