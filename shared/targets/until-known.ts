import { CertkeepError, errorMessage, errorName } from '#shared/errors.ts';
import { addMs, type Clock, secondMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';

/** A load balancer may not know a new certificate for this long after its import. */
const patienceMs = 65 * secondMs;
/** Waits double, so that the usual second costs little and a slow minute few requests. */
const firstWaitMs = 0.5 * secondMs;
const longestWaitMs = 5 * secondMs;

/** Retries a change that ELB refuses with CertificateNotFound. @throws CertkeepError ListenerRefused in the end */
export async function untilCertificateKnown<T>(
  clock: Clock,
  change: (tries: number) => Promise<T>,
): Promise<T> {
  const until = addMs(clock.now(), patienceMs);
  let waitMs = firstWaitMs;
  for (let tries = 1; ; tries += 1) {
    try {
      return await change(tries);
    } catch (cause) {
      if (!errorName(cause).startsWith('CertificateNotFound')) throw cause;
      if (clock.now() >= until) {
        throw new CertkeepError('ListenerRefused', `ELB: ${errorMessage(cause)}`, { cause });
      }
      await clock.sleep(waitMs, deadlineSignal());
      waitMs = Math.min(2 * waitMs, longestWaitMs);
    }
  }
}

/** Reads until a change shows, and returns what was read. @throws CertkeepError ListenerRefused when it does not */
export async function untilShown<T>(
  clock: Clock,
  what: string,
  read: () => Promise<T>,
  isShown: (shown: T) => boolean,
): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    const shown = await read();
    if (isShown(shown)) return shown;
    if (tries >= 5) throw new CertkeepError('ListenerRefused', `${what} does not show`);
    await clock.sleep(secondMs, deadlineSignal());
  }
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
