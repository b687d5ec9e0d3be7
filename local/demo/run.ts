import { secondMs, systemClock } from '#shared/time/clock.ts';
import type { Standing } from './output/stage-block.ts';
import {
  type Before,
  type CertificateReport,
  isSettled,
  lookBefore,
  recordOf,
  report,
} from './report.ts';
import type { Setting } from './setting.ts';
import { stageNow } from './stage-now.ts';

export type Played = {
  readonly ok: boolean;
  readonly certificates: readonly CertificateReport[];
  /** How long nothing more had happened when it gave up, in milliseconds; null where everything came to its end. */
  readonly gaveUpAfterMs: number | null;
};

/** The time and the state at the beginning of a play, which may have several runs. */
export type Beginning = { readonly before: readonly Before[]; readonly startedAt: Date };

export function beginningOf(setting: Setting): Beginning {
  return { before: lookBefore(setting), startedAt: systemClock.now() };
}

type RunOptions = {
  /** How long it waits for anything more, in milliseconds. */
  readonly waitMs?: number;
  /** Now, unless an earlier run has begun the play. */
  readonly beginning?: Beginning;
  /** Whether a run has reached its end; by default where the ledger needs nothing more. */
  readonly isDone?: (setting: Setting) => boolean;
};

/** Longer than the longest back-off here and the spread of a change together. */
const patienceMs = 50 * secondMs;
const betweenChecksMs = 2 * secondMs;
const lookEveryMs = 250;

/**
 * Waits for the deployment's first check and everything that follows; then runs check again while something is waiting,
 * faster than the schedules, until the ledger needs nothing more, or nothing more comes of it. Finally asks every endpoint.
 */
export async function runFleet(
  setting: Setting,
  onStandings: (standings: readonly Standing[]) => void,
  { waitMs = patienceMs, beginning = beginningOf(setting), isDone = allSettled }: RunOptions = {},
): Promise<Played> {
  const { dispatcher } = setting;
  const { before, startedAt } = beginning;
  const watched = watch(setting, waitMs, () => onStandings(standingsOf(setting)));
  const ended = await Promise.race([watched.over, untilSettled()]).finally(watched.end);
  const certificates = await report(setting, before, startedAt);
  const ok = certificates.every(({ served }) => served);
  return { ok, certificates, gaveUpAfterMs: ended === 'gave-up' && !ok ? waitMs : null };

  async function untilSettled(): Promise<'settled'> {
    dispatcher.startSchedules();
    await dispatcher.settle();
    while (!isDone(setting) && !watched.isOver()) {
      await dispatcher.invoke('verify', { sweep: true });
      await systemClock.sleep(betweenChecksMs);
      await checked();
    }
    // People hear of the end at the check after it.
    await checked();
    return 'settled';
  }

  async function checked(): Promise<void> {
    await dispatcher.invoke('check', {});
    await dispatcher.settle();
  }
}

/** Whether the ledger needs nothing more. */
export function allSettled(setting: Setting): boolean {
  return setting.config.certificates.every((certificate) => isSettled(setting, certificate));
}

/** Where each certificate stands now. */
export function standingsOf(setting: Setting): readonly Standing[] {
  const { config } = setting;
  return config.certificates.map((certificate) => {
    const { id } = certificate;
    return { id, ...stageNow(recordOf(setting, id), certificate, config) };
  });
}

/**
 * Looks at intervals, also while something is worked at, and gives up when nothing more comes of it. An error while looking
 * is not lost in a timer.
 */
function watch(setting: Setting, waitMs: number, look: () => void) {
  const { promise, reject, resolve } = Promise.withResolvers<'gave-up'>();
  let reached = '';
  let reachedAt = performance.now();
  let isOver = false;
  const timer = setInterval(() => {
    try {
      look();
      const now = reachedBy(setting);
      if (now !== reached) reachedAt = performance.now();
      reached = now;
      if (performance.now() - reachedAt < waitMs) return;
      isOver = true;
      resolve('gave-up');
    } catch (error) {
      reject(error);
    }
  }, lookEveryMs);
  return { over: promise, isOver: () => isOver, end: () => clearInterval(timer) };
}

/** What has been reached for good: a further try of what fails is nothing more. */
function reachedBy(setting: Setting): string {
  const counts = setting.config.certificates.map(({ id }) => {
    const { deployments, desired, imports, outbox, replicas } = recordOf(setting, id);
    const proven = Object.values(deployments).filter(({ state }) => state === 'proven');
    const held = Object.values(imports).map(({ versionId }) => versionId);
    const copied = Object.values(replicas).map(({ versionId }) => versionId);
    return [desired, held, proven.length, copied, outbox.length === 0];
  });
  return JSON.stringify(counts);
}
