import type * as z from 'zod';
import type { Stage } from '#shared/stage.ts';
import type { PluginCheck } from './plugin-check.ts';

/**
 * One IAM statement that a part of certkeep needs, as data beside that part. `infra/rights/` fills in the
 * `{placeholders}`: `{partition}`, `{urlSuffix}`, `{region}` and `{account}` of home or of the place, those in names of
 * resources (`permissionNames`), and what the configuration of the part says (`{listener}`, `{zone}`).
 */
export type Permission = {
  /** The statement's id: what it allows, in one word. */
  readonly sid: string;
  /** Who needs it: the role of each stage's function gets it. */
  readonly stages: readonly Stage[];
  readonly actions: readonly string[];
  /** A placeholder with several values makes several resources; one with none leaves its resource out. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** The placeholder without whose values nothing of this is needed. */
  readonly needs?: string;
  /** What stands in for the listed resources where there are too many of them for the policies of a role. */
  readonly otherwise?: Otherwise;
  /** Why it is needed and, for `*`, why nothing narrower exists. */
  readonly reason: string;
};

export type Otherwise = {
  readonly resources: readonly string[];
  /** Instead of the permission's own. */
  readonly conditions?: Conditions;
  /** What it comes to, for people, and what they have to do. */
  readonly meaning: string;
};

export type Conditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/** What every plugin says of itself; configuration, policies, docs and contract tests derive from it. */
export type PluginSpec = {
  readonly type: string;
  readonly summary: string;
  readonly schema: z.ZodType;
  readonly example: Readonly<Record<string, unknown>>;
  readonly permissions: readonly Permission[];
  /** What its schema cannot say: mistakes, and what is perhaps one. Each is given the entries that its own schema has read. */
  readonly checks?: readonly PluginCheck<never>[];
  readonly warnings?: readonly PluginCheck<never>[];
};

/** What the configuration holds of a plugin: what its schema makes of it. */
export type ConfiguredBy<Schema extends z.ZodType> = Readonly<z.output<Schema>>;

/** The same of any of several plugins. */
export type ConfigOf<Specs extends Readonly<Record<string, { readonly schema: z.ZodType }>>> = {
  [Type in keyof Specs]: ConfiguredBy<Specs[Type]['schema']>;
}[keyof Specs];

/** Where the plugins of one kind are loaded from, each with its SDK: `plugin.ts` of its folder. */
export type PluginLoaders<Type extends string, Plugin> = Readonly<
  Record<Type, () => Promise<{ readonly plugin: Plugin }>>
>;

/**
 * Loads the plugins of these types. A function does so before it does anything else, for all that its configuration names: what
 * cannot be loaded fails the first run, and not the first renewal. @throws what the import throws
 */
export async function loadPlugins<Type extends string, Plugin>(
  loaders: PluginLoaders<Type, Plugin>,
  types: readonly Type[],
): Promise<ReadonlyMap<Type, Plugin>> {
  const loading = [...new Set(types)].map(
    async (type) => [type, (await loaders[type]()).plugin] as const,
  );
  return new Map(await Promise.all(loading));
}
