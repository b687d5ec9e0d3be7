import { systemClock } from '#shared/time/clock.ts';
import type { ReachOptions } from '../../reach/options.ts';
import type { Reached } from '../../reach/reach.ts';
import { readRecord } from '../../record/read-record.ts';
import type { Terminal } from '../../terminal.ts';
import { doctorCommand, lookCommand } from '../wish/own-command.ts';
import { follow } from './follow.ts';
import type { Start } from './progress.ts';
import { startsOf } from './starts.ts';
import type { Before } from './state.ts';

/** Follows certificates from here on. */
export type Follower = {
  readonly starts: readonly Before[];
  /** Returns the exit code. */
  follow(starts: readonly Start[]): Promise<number>;
};

/**
 * Reads how the certificates are now, before anything is asked for.
 * @throws CommandFailed where they cannot be read
 */
export async function followerOf(
  reached: Reached,
  ids: readonly string[],
  {
    options,
    terminal,
    withoutFollowing,
  }: {
    readonly options: ReachOptions;
    readonly terminal: Terminal;
    readonly withoutFollowing: string;
  },
): Promise<Follower> {
  const read = (id: string) => readRecord({ ...reached, clock: systemClock, terminal }, id);
  const starts = await startsOf(reached, ids, { read, withoutFollowing });
  const showCommand = (id: string) => lookCommand('show', id, options);
  return {
    starts,
    follow: (followed) =>
      follow(followed, {
        ...{ read, clock: systemClock, terminal, showCommand },
        doctorCommand: doctorCommand(options),
      }),
  };
}
