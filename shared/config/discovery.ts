import * as z from 'zod';
import { hints } from '#shared/schema/hints.ts';
import { placeKeySchema } from '#shared/schema/place-key.ts';

/** How certkeep looks for resources that carry the tag of a certificate. */
export type DiscoveryConfig = {
  /** Says whether a person approves what is found, or the tag suffices. */
  readonly mode: 'approve' | 'trusted';
  /** The place keys in which it looks. */
  readonly places: readonly string[];
};

const modes = ['approve', 'trusted'] as const;

/** The mode alone, or a block with the places. */
export const discoverySchema = z
  .union(
    [
      // It stands first, so that a mistake in a block is told where it is.
      z.strictObject({
        mode: z
          .enum(modes)
          .default('approve')
          .describe(
            'Whether what is found is bound after `certkeep approve` (`approve`), or at once (`trusted`): then whoever may tag a resource decides that it gets the certificate.',
          ),
        places: z
          .array(placeKeySchema)
          .min(1)
          .exactOptional()
          .describe(
            'The accounts and regions to look in (`123456789012/us-east-1`). By default home, and those with targets. Distributions are found in `us-east-1` of their account.',
          ),
      }),
      z.enum(modes),
    ],
    { error: 'is neither approve or trusted nor a block with a mode' },
  )
  .register(hints, {
    fix: 'Write "discovery: approve", or a block: {mode: approve, places: ["123456789012/us-east-1"]}.',
  })
  .transform((written): { mode: DiscoveryConfig['mode']; places?: readonly string[] } =>
    typeof written === 'string' ? { mode: written } : written,
  );
