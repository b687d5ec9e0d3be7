import * as z from 'zod';

type Hint = {
  /** The fix for any wrong value here. */
  readonly fix?: string;
  /** A valid value of the plugin, from its spec. */
  readonly example?: Readonly<Record<string, unknown>>;
};

/** Advice that stays beside the schema, and out of the JSON Schema. */
export const hints = z.registry<Hint>();
