import type { Path } from '#shared/schema/finding.ts';

export type Words = { readonly message: string; readonly fix: string };

/** Adds to the schema's message about a wrong value; `raw` is the whole file. */
export type Advice = (value: string, path: Path, raw: unknown) => Partial<Words> | null;
