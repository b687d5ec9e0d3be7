import type { Clock } from '#shared/clock.ts';
import type { Wiring } from './wiring-types.ts';

export type Schedules = {
  /** The first occurrence is at once, as for a rate without a StartDate (EventBridge Scheduler, "Rate-based schedules"). */
  start(): void;
  /** Hands over what is due. Occurrences missed because nobody looked are made up for by one. */
  fireDue(): void;
};

/** EventBridge Scheduler with rate expressions; it invokes functions asynchronously. */
export function rateSchedules(options: {
  readonly clock: Clock;
  readonly schedules: Wiring['schedules'];
  readonly invoke: (functionName: string, input: unknown) => void;
}): Schedules {
  const { clock, schedules } = options;
  const nextAtMs = new Map<Wiring['schedules'][number], number>();

  return {
    start() {
      for (const schedule of schedules) nextAtMs.set(schedule, clock.now().getTime());
    },
    fireDue() {
      const nowMs = clock.now().getTime();
      for (const [schedule, atMs] of nextAtMs) {
        if (atMs > nowMs) continue;
        const occurrences = Math.floor((nowMs - atMs) / schedule.everyMs) + 1;
        nextAtMs.set(schedule, atMs + occurrences * schedule.everyMs);
        options.invoke(schedule.function, schedule.input);
      }
    },
  };
}
