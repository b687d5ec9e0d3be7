import type { Config } from '#shared/config/config.ts';
import type { Clock } from '#shared/time/clock.ts';
import type { Account } from './account.ts';
import type { SmokeOptions } from './smoke-options.ts';

/** The observation of a step; a person should weigh a `warning`, which fails nothing. */
export type Finding =
  | { readonly result: 'ok' | 'skipped'; readonly saw: string }
  | { readonly result: 'warning' | 'failed'; readonly saw: string; readonly todo: string };

export type Trial = {
  readonly account: Account;
  readonly options: SmokeOptions;
  /** The deployed configuration. */
  readonly config: Config;
  readonly clock: Clock;
};

export type Step = {
  /** One or two words, for the table. */
  readonly name: string;
  /** Tells the person who waits what is happening. */
  readonly doing: string;
  readonly look: (trial: Trial) => Promise<Finding>;
};
