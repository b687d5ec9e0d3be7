import * as z from 'zod';
import { placeKeySchema } from '#shared/schema/place-key.ts';
import { hourMs, minuteMs } from '#shared/time/clock.ts';

/** The order in which the places of a certificate get a new version. */
export type RolloutConfig = {
  /** Place keys: they get it first, all at once. */
  readonly first: readonly string[];
  /** So long each of them has to serve it before any other place gets it. */
  readonly proveForMs: number;
  /** How the other places follow: all at once, or each once the one before serves it. */
  readonly others: 'together' | 'one-by-one';
};

const longestProofMs = 48 * hourMs;

const span = z.string().transform((written, context) => {
  const [, count, unit] = /^(\d{1,4})([mh])$/.exec(written) ?? [];
  const ms = Number(count) * (unit === 'h' ? hourMs : minuteMs);
  if (ms >= 0 && ms <= longestProofMs) return ms;
  context.addIssue({
    code: 'custom',
    message: unit ? 'is longer than 48h' : 'is not a number of minutes or hours',
    params: { fix: 'Write minutes or hours, such as 30m or 2h.' },
  });
  return z.NEVER;
});

export const rolloutSchema = z
  .strictObject({
    first: z
      .array(placeKeySchema)
      .default([])
      .describe(
        'Accounts and regions (`123456789012/us-east-1`) that get a new version first. The others wait until every target in them serves it; where one does not, they keep what they have, and you hear of it.',
      ),
    proveFor: span
      .default(hourMs)
      .describe(
        'How long the first places have to serve it before the others get it: `30m`, `2h`.',
      ),
    others: z
      .enum(['together', 'one-by-one'])
      .default('together')
      .describe(
        'Whether the other places get it at once, or one after the other in the order of `targets`, each once the one before serves it.',
      ),
  })
  .transform(({ first, proveFor, others }): RolloutConfig => {
    return { first: [...new Set(first)], proveForMs: proveFor, others };
  });
