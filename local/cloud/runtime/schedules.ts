import type { Clock } from '../clock.ts';
import type { FunctionRights } from '../iam/function-rights.ts';
import type { DeployedFunction } from '../services/lambda/state.ts';
import type { Schedule } from '../services/scheduler/service.ts';
import type { DeadLetters } from './dead-letters.ts';

export type Schedules = {
  /** Schedules take effect from now on; a later schedule starts when it is created. */
  start(): void;
  /** Starts everything due. One occurrence replaces all that were missed because nobody looked. */
  fireDue(): Promise<void>;
};

export type SchedulesOptions = {
  readonly clock: Clock;
  readonly schedules: ReadonlyMap<string, Schedule>;
  readonly rights: FunctionRights;
  readonly functionAt: (arn: string) => DeployedFunction | undefined;
  readonly invoke: (deployed: DeployedFunction, input: unknown) => void;
  readonly deadLetters: DeadLetters;
  readonly onProblem: (problem: string) => void;
  /** The position of an occurrence in its window, from 0 to 1. */
  readonly random?: () => number;
};

/** The occurrence begins at `beginsAtMs`; it fires at `firesAtMs`, within the window after that. */
type Next = { readonly beginsAtMs: number; readonly firesAtMs: number };

/**
 * EventBridge Scheduler with rate expressions: the first occurrence is immediate, as for a rate without a StartDate
 * ("Rate-based schedules"). It invokes functions asynchronously with the schedule's role.
 */
export function rateSchedules(options: SchedulesOptions): Schedules {
  const { clock, rights, random = Math.random } = options;
  const nextOf = new Map<string, Next>();
  let isStarted = false;

  function planned(schedule: Schedule, beginsAtMs: number): Next {
    return { beginsAtMs, firesAtMs: beginsAtMs + Math.floor(random() * schedule.windowMs) };
  }

  function planNew(nowMs: number): void {
    for (const [arn, schedule] of options.schedules) {
      if (!nextOf.has(arn)) nextOf.set(arn, planned(schedule, nowMs));
    }
    for (const arn of nextOf.keys()) if (!options.schedules.has(arn)) nextOf.delete(arn);
  }

  async function deliver({ arn, target, groupArn }: Schedule): Promise<void> {
    const { arn: functionArn, deadLetterArn, input, roleArn: role } = target;
    const deployed = options.functionAt(functionArn);
    const asked = { role, groupArn, functionArn };
    const missing = deployed ? await rights.missingToInvokeBySchedule(asked) : [];
    if (deployed && missing.length === 0) return options.invoke(deployed, input);
    const obstacle = deployed ? `${role} lacks ${missing.join(', ')}` : 'it does not exist';
    const why = `${arn}: ${functionArn} is not invoked: ${obstacle}`;
    // Without the role, nothing reaches the dead letters either.
    if (!deadLetterArn || missing.includes('sts:AssumeRole')) return options.onProblem(why);
    await options.deadLetters.send({ queueArn: deadLetterArn, by: { role }, body: input, why });
  }

  return {
    start() {
      isStarted = true;
    },
    async fireDue() {
      if (!isStarted) return;
      const nowMs = clock.now().getTime();
      planNew(nowMs);
      for (const [arn, { beginsAtMs, firesAtMs }] of nextOf) {
        const schedule = options.schedules.get(arn);
        if (!schedule || firesAtMs > nowMs) continue;
        const occurrences = Math.floor((nowMs - beginsAtMs) / schedule.everyMs) + 1;
        nextOf.set(arn, planned(schedule, beginsAtMs + occurrences * schedule.everyMs));
        if (schedule.enabled) await deliver(schedule);
      }
    },
  };
}
