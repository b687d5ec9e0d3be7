import { systemClock } from '#shared/time/clock.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { followerOf } from '../follow/follow-wish.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import { type EndOptions, endOf } from '../wish/until.ts';

export type RollbackOptions = ReachOptions &
  EndOptions & {
    readonly id: string;
    readonly version?: string;
    readonly reason?: string;
    /** Follows the stages. */
    readonly wait: boolean;
  };

/**
 * Has an earlier version put back into service, and follows it until it is served. Returns the exit code.
 * @throws CommandFailed
 */
export async function rollback(
  options: RollbackOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const { id, version } = options;
  const common = { wish: 'rollback', certificates: [id], version } as const;
  const { reason: given = 'why, in a few words' } = options;
  const example = ownCommand({ ...common, reason: given }, options);
  const hasEnd = options.until !== undefined || options.for !== undefined;
  const until = hasEnd ? endOf(options, systemClock.now(), example) : undefined;
  const again = (reason: string, ...more: readonly string[]) =>
    ownCommand({ ...common, reason, until }, options, ...more);
  const reason = await reasonFrom(options.reason, person, again);
  const reached = await reach(options);
  const withoutFollowing = again(reason, '--no-wait');
  const follower = options.wait
    ? await followerOf(reached, [id], { options, terminal, withoutFollowing })
    : null;
  const send = await sender(reached.location, options);
  const lines = await send({ ...common, reason, until });
  for (const line of actionLines(lines, terminal.width())) terminal.print(line);
  if (!follower) return 0;
  return follower.follow(follower.starts.map((start) => ({ ...start, awaits: 'chosen' })));
}
