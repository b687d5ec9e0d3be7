import type { Path } from '#shared/schema/finding.ts';

export type Words = { readonly message: string; readonly fix: string };

/** What is known of a wrong value besides what the schema says; `raw` is the whole file. */
export type Advice = (value: string, path: Path, raw: unknown) => Partial<Words> | null;
