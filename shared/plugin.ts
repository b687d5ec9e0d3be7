import type * as z from 'zod';

/** One IAM statement that a plugin needs. `resources` may hold `{placeholders}` filled from the configuration. */
export type Permission = {
  readonly actions: readonly string[];
  readonly resources: readonly string[];
  readonly conditions?: Readonly<
    Record<string, Readonly<Record<string, string | readonly string[]>>>
  >;
  /** Why it is needed and, for `*`, why nothing narrower exists. */
  readonly reason: string;
};

/** What every plugin says of itself; configuration, policies, docs and contract tests derive from it. */
export type PluginSpec = {
  readonly type: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  readonly example: Readonly<Record<string, unknown>>;
  readonly permissions: readonly Permission[];
};
