import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';

/** Which keys are those of our accounts, by what stands beside them: no writer of the bucket can change it. */
export type Thumbprints = { isOurs(thumbprint: string): Promise<boolean> };

/**
 * A new account is known within the minute for which issue asks the listener before the CA is told
 * (self-check.ts); whoever fills the bucket with thumbprints of their own causes no more questions than this.
 */
const askedEveryMs = 20 * secondMs;

/** Keeps the thumbprints of the accounts, and asks again for one that is not among them. */
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
