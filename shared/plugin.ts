import type * as z from 'zod';
import type { Stage } from './stage.ts';

/**
 * One IAM statement that a part of certkeep needs, as data beside that part. `{placeholders}` are filled by
 * the installation: `{partition}`, `{region}` and `{account}` of home or of the place, `{installation}`,
 * `{urlSuffix}` and what the configuration of the part says (`{listener}`, `{zone}`).
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
};

/** What the configuration may hold of one kind of plugin: what one of their schemas makes of it. */
export type ConfigOf<Specs extends Record<string, { schema: z.ZodType }>> = {
  [Type in keyof Specs]: Readonly<z.output<Specs[Type]['schema']>>;
}[keyof Specs];
