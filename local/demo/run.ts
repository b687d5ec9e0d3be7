import { secondMs, systemClock } from '#shared/time/clock.ts';
import { type CertificateReport, isSettled, lookBefore, report } from './report.ts';
import type { Setting } from './setting.ts';

export type Played = { readonly ok: boolean; readonly certificates: readonly CertificateReport[] };

const longestMs = 50 * secondMs;
const betweenChecksMs = 2 * secondMs;

/**
 * Waits for the deployment's first check and everything that follows; then runs check again while something is waiting,
 * faster than the schedules, until the ledger needs nothing more. Finally asks every endpoint.
 */
export async function runFleet(
  setting: Setting,
  onWaiting: (status: string) => void,
): Promise<Played> {
  const { config, dispatcher } = setting;
  const before = lookBefore(setting);
  const startedAt = systemClock.now();
  const open = () => config.certificates.filter((certificate) => !isSettled(setting, certificate));
  const watched = watch(() => onWaiting(openText(open().map(({ id }) => id))));
  await Promise.race([watched.failed, untilSettled()]).finally(watched.end);
  const certificates = await report(setting, before, startedAt);
  return { ok: certificates.every(({ served }) => served), certificates };

  async function untilSettled(): Promise<void> {
    dispatcher.startSchedules();
    await dispatcher.settle();
    while (open().length > 0 && systemClock.now().getTime() - startedAt.getTime() < longestMs) {
      await dispatcher.invoke('verify', { sweep: true });
      await systemClock.sleep(betweenChecksMs);
      await checked();
    }
    // People hear of the end at the check after it.
    await checked();
  }

  async function checked(): Promise<void> {
    await dispatcher.invoke('check', {});
    await dispatcher.settle();
  }
}

/** Looks at intervals; an error while looking is not lost in a timer. */
function watch(look: () => void): { readonly failed: Promise<never>; end(): void } {
  const { promise, reject } = Promise.withResolvers<never>();
  const timer = setInterval(() => {
    try {
      look();
    } catch (error) {
      reject(error);
    }
  }, 250);
  return { failed: promise, end: () => clearInterval(timer) };
}

function openText(ids: readonly string[]): string {
  return ids.length === 0 ? 'sending messages' : `waiting for ${ids.join(', ')}`;
}
