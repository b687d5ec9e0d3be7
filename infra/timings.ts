import { Duration } from 'aws-cdk-lib';
import * as z from 'zod';
import { InvalidConfig } from './config-file.ts';

/** Every function does one thing per run, well within this time; an init of up to ten seconds comes on top. */
export const functionTimeout = Duration.seconds(150);

/** The interval of check and verify. */
export const lookEvery = Duration.minutes(10);

/** The ledger rejects a record that waits for longer (shared/ledger/record/believable.ts). */
const milliseconds = z.int().min(1).max(Duration.days(7).toMilliseconds());

/** The functions' waits in milliseconds. A missing one has the function's own default. */
const timingsSchema = z.strictObject({
  /** The wait between looks at a pending order, DNS change or endpoint. */
  pollMs: milliseconds.optional(),
  /** An endpoint may serve the previous certificate for this long after a change. */
  spreadMs: milliseconds.optional(),
  /** A proof is valid for this long. */
  reprobeMs: milliseconds.optional(),
  /** The waits after a first, second, … failure. */
  retryDelaysMs: z.array(milliseconds).min(1).optional(),
});

export type Timings = z.output<typeof timingsSchema>;

/** Reads the timings from the context: JSON text on the command line, or an object in cdk.json. @throws InvalidConfig */
export function readTimings(given: unknown): Timings {
  const parsed = timingsSchema.safeParse(typeof given === 'string' ? json(given) : (given ?? {}));
  if (parsed.success) return parsed.data;
  throw new InvalidConfig(`The context "timings" is wrong:\n${z.prettifyError(parsed.error)}`);
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new InvalidConfig(`The context "timings" is not JSON: ${text}`, cause);
  }
}

export function timingVariables(timings: Timings): Record<string, string> {
  const { pollMs, spreadMs, reprobeMs, retryDelaysMs } = timings;
  return {
    ...(pollMs && { CERTKEEP_POLL_MS: String(pollMs) }),
    ...(spreadMs && { CERTKEEP_SPREAD_MS: String(spreadMs) }),
    ...(reprobeMs && { CERTKEEP_REPROBE_MS: String(reprobeMs) }),
    ...(retryDelaysMs && { CERTKEEP_RETRY_DELAYS_MS: retryDelaysMs.join(',') }),
  };
}
