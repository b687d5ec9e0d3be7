import { errorMessage } from '#shared/errors.ts';
import type { Finding, Step, Trial } from './step.ts';

export type Outcome = Finding & { readonly name: string; readonly durationMs: number };

export type Watcher = {
  begins(step: Step, number: number, of: number): void;
  ends(outcome: Outcome): void;
};

/** Runs the steps in order. A failure does not stop the next step; after an interruption the rest is skipped. */
export async function runSteps(
  steps: readonly Step[],
  trial: Trial,
  watcher: Watcher,
  signal: AbortSignal,
): Promise<readonly Outcome[]> {
  const outcomes: Outcome[] = [];
  for (const [index, step] of steps.entries()) {
    const isOver = signal.aborted;
    if (!isOver) watcher.begins(step, index + 1, steps.length);
    const since = trial.clock.now().getTime();
    const finding = isOver ? interrupted : await found(step, trial);
    const durationMs = trial.clock.now().getTime() - since;
    const outcome = { ...finding, name: step.name, durationMs };
    outcomes.push(outcome);
    if (!isOver) watcher.ends(outcome);
  }
  return outcomes;
}

const interrupted: Finding = { result: 'skipped', saw: 'interrupted' };

async function found(step: Step, trial: Trial): Promise<Finding> {
  try {
    return await step.look(trial);
  } catch (error) {
    const todo = `Do by hand what docs/first-account.md has under "${step.name}".`;
    return { result: 'failed', saw: errorMessage(error), todo };
  }
}
