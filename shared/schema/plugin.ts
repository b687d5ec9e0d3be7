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
  /** The role of each of these stages' functions gets it. */
  readonly stages: readonly Stage[];
  readonly actions: readonly string[];
  /** A placeholder with several values makes several resources; one with none leaves its resource out. */
  readonly resources: readonly string[];
  readonly conditions?: Conditions;
  /** The permission is left out where this placeholder has no values. */
  readonly needs?: string;
  /** Replaces the listed resources where the policies of a role cannot hold them all. */
  readonly otherwise?: Otherwise;
  /** Why it is needed and, for `*`, why nothing narrower exists. */
  readonly reason: string;
};

export type Otherwise = {
  readonly resources: readonly string[];
  /** Replaces the permission's own conditions. */
  readonly conditions?: Conditions;
  /** Tells people what this allows, and what they have to do. */
  readonly meaning: string;
};

export type Conditions = Readonly<
  Record<string, Readonly<Record<string, string | readonly string[]>>>
>;

/**
 * What the tests hold a plugin to, besides what certkeep's authors have written themselves: the service or a program that
 * stands for it everywhere, emulators of others, or nothing but its documentation.
 */
type Tested = {
  readonly against: 'real counterpart' | 'other emulators' | 'documentation only';
  /** What that is, in Markdown; links are relative to `docs/`. */
  readonly how: string;
};

/** Describes a plugin. Configuration, policies, docs and contract tests derive from it. */
export type PluginSpec = {
  readonly type: string;
  readonly summary: string;
  readonly tested: Tested;
  readonly schema: z.ZodType;
  readonly example: Readonly<Record<string, unknown>>;
  readonly permissions: readonly Permission[];
  /**
   * Checks that its schema cannot express: mistakes, and possible mistakes. Each check gets the entries that this schema
   * has read.
   */
  readonly checks?: readonly PluginCheck<never>[];
  readonly warnings?: readonly PluginCheck<never>[];
};

/** The configuration of a plugin: the output of its schema. */
export type ConfiguredBy<Schema extends z.ZodType> = Readonly<z.output<Schema>>;

/** The configuration of any of several plugins. */
export type ConfigOf<Specs extends Readonly<Record<string, { readonly schema: z.ZodType }>>> = {
  [Type in keyof Specs]: ConfiguredBy<Specs[Type]['schema']>;
}[keyof Specs];

/** The modules from which the plugins of one kind are loaded, each with its SDK: `plugin.ts` of its folder. */
export type PluginLoaders<Type extends string, Plugin> = Readonly<
  Record<Type, () => Promise<{ readonly plugin: Plugin }>>
>;

/**
 * Loads the plugins of these types. A function does this first, for everything that its configuration names, so that a
 * plugin that cannot be loaded fails the first run and not the first renewal. @throws what the import throws
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
