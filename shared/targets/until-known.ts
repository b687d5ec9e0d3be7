import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { type Clock, secondMs } from '#shared/time/clock.ts';
import { evenly, onlyAfter, poll, type Retries, retry } from '#shared/time/waiting.ts';

/**
 * A load balancer may not know a certificate for a while after its import. Doubling waits, so that the usual second
 * costs little and a slow minute few requests.
 */
const untilKnown: Retries = {
  waitsMs: [0.5, 1, 2, 4, 5].map((seconds) => seconds * secondMs),
  patienceMs: 65 * secondMs,
  waitFor: onlyAfter(isUnknown),
};

/** A change shows within a second or so. */
const untilThere = evenly(5, secondMs);

function isUnknown(error: unknown): boolean {
  return errorName(error).startsWith('CertificateNotFound');
}

/** Retries a change that ELB refuses with CertificateNotFound. @throws CertkeepError ListenerRefused in the end */
export async function untilCertificateKnown<T>(
  clock: Clock,
  change: (tries: number) => Promise<T>,
): Promise<T> {
  try {
    return await retry(clock, untilKnown, change);
  } catch (cause) {
    if (!isUnknown(cause)) throw cause;
    throw new CertkeepError('ListenerRefused', `ELB: ${errorMessage(cause)}`, { cause });
  }
}

/** Reads until a change shows, and returns what was read. @throws CertkeepError ListenerRefused when it does not */
export async function untilShown<T>(
  clock: Clock,
  what: string,
  read: () => Promise<T>,
  isShown: (shown: T) => boolean,
): Promise<T> {
  const found = await poll(clock, untilThere, async () => {
    const shown = await read();
    return isShown(shown) ? { shown } : null;
  });
  if (found) return found.shown;
  throw new CertkeepError('ListenerRefused', `${what} does not show`);
}

/**
 * The plan relies on what was seen: a certificate that somebody has bound since may serve names that nobody has checked.
 * @throws CertkeepError ListenerRefused
 */
export function checkUnchanged(what: string, shown: string | null, seen: string | null): void {
  if (seen === null || shown === seen) return;
  const message = `somebody has bound ${shown ?? 'nothing'} to ${what} since the look at it`;
  throw new CertkeepError('ListenerRefused', message);
}
