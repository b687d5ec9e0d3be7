import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';

/** Says which keys belong to our accounts. The answer comes from the secrets' tags, which a writer of the bucket cannot change. */
export type Thumbprints = { isOurs(thumbprint: string): Promise<boolean> };

/**
 * A new account must be known within the minute in which issue asks the listener before the CA does (self-check.ts). This
 * also limits the requests that somebody can cause by filling the bucket with thumbprints.
 */
const askedEveryMs = 20 * secondMs;

/** Keeps the thumbprints of the accounts, and reads them again when one is missing. */
export function keptThumbprints(
  clock: Clock,
  accounts: readonly string[],
  thumbprintOf: (account: string) => Promise<string | null>,
): Thumbprints {
  let known: ReadonlySet<string> = new Set();
  let nextAt = new Date(0);
  let asking: Promise<void> | null = null;

  async function ask(): Promise<void> {
    nextAt = addMs(clock.now(), askedEveryMs);
    const found = await Promise.all(accounts.map(thumbprintOf));
    known = new Set(found.filter((each) => each !== null));
  }

  return {
    async isOurs(thumbprint) {
      if (known.has(thumbprint)) return true;
      if (clock.now() >= nextAt) {
        asking = ask().finally(() => {
          asking = null;
        });
      }
      await asking;
      return known.has(thumbprint);
    },
  };
}
