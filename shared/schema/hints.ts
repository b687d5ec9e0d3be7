import * as z from 'zod';

type Hint = {
  /** What to do about any wrong value here. */
  readonly fix?: string;
  /** A valid value of the plugin, from its spec. */
  readonly example?: Readonly<Record<string, unknown>>;
};

/** Advice kept beside the schema, apart from what goes into the JSON Schema. */
export const hints = z.registry<Hint>();
