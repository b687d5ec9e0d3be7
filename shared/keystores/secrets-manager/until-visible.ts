import { CertkeepError } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { poll } from '#shared/time/waiting.ts';

/** 0.25 + 0.5 + 1 + 2 + 4 = 7.75 s in all. */
const waits = { waitsMs: [0.25, 0.5, 1, 2, 4].map((seconds) => seconds * secondMs) };

/**
 * Repeats a look, since Secrets Manager is eventually consistent and may not show a new value for a moment.
 * @throws CertkeepError KeyStoreUnreadable when `look` finds nothing within 7.75 s
 */
export async function untilVisible<T>(
  clock: Clock,
  what: string,
  look: () => Promise<T | null>,
): Promise<T> {
  const seen = await poll(clock, waits, look);
  if (seen !== null) return seen;
  throw new CertkeepError('KeyStoreUnreadable', `${what} does not appear`);
}
