import { errorMessage } from '#shared/errors.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Account } from './account.ts';
import { removeLeft } from './left.ts';
import { type Refusal, readiness } from './refusals.ts';
import { type Outcome, runSteps } from './run-steps.ts';
import type { SmokeOptions } from './smoke-options.ts';
import type { Step } from './step.ts';
import { steps } from './steps.ts';

export type Smoke =
  | { readonly outcome: 'refused'; readonly refusals: readonly Refusal[] }
  | { readonly outcome: 'declined' }
  | {
      readonly outcome: 'ok' | 'failed' | 'interrupted';
      readonly steps: readonly Outcome[];
      /** Says what could not be removed, and why; null where nothing is left. */
      readonly left: string | null;
    };

export type SmokePorts = {
  readonly account: Account;
  readonly clock: Clock;
  /** Prints a line for the person who waits. */
  readonly say: (line: string) => void;
  /** Asks the person when nothing speaks against the trial, and before anything is touched. */
  readonly confirm: () => Promise<boolean>;
  /** Ctrl-C aborts it: the current step ends, and what was created is removed. */
  readonly signal: AbortSignal;
};

/** Looks, refuses or begins, runs every step, and removes what this trial, or one that died, has created. */
export async function smoke(
  ports: SmokePorts,
  options: SmokeOptions,
  tried: readonly Step[] = steps,
): Promise<Smoke> {
  const { account, clock, say, signal } = ports;
  const ready = await readiness(account, options);
  if ('refusals' in ready) return { outcome: 'refused', refusals: ready.refusals };
  if (!(await ports.confirm())) return { outcome: 'declined' };
  const before = await removal(ports);
  if (before) return { outcome: 'failed', steps: [], left: before };
  const outcomes = await runSteps(
    tried,
    { account, options, config: ready.config, clock },
    {
      begins: (step, number, of) => say(`${number}/${of} ${step.name}: ${step.doing} ...`),
      ends: ({ result, durationMs }) => say(`    ${result}, ${(durationMs / 1_000).toFixed(1)} s`),
    },
    signal,
  );
  const left = await removal(ports);
  const isBad = left !== null || outcomes.some(({ result }) => result === 'failed');
  if (signal.aborted) return { outcome: 'interrupted', steps: outcomes, left };
  return { outcome: isBad ? 'failed' : 'ok', steps: outcomes, left };
}

/** Removes what is left; returns why something stays, or null. */
async function removal({ account, clock, say }: SmokePorts): Promise<string | null> {
  try {
    for (const arn of await removeLeft(account, clock)) say(`removed ${arn}`);
    return null;
  } catch (error) {
    return errorMessage(error);
  }
}
