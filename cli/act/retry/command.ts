import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { followerOf } from '../follow/follow-wish.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import { expectedOf } from './expected.ts';

export type RetryOptions = ReachOptions & {
  readonly ids: readonly string[];
  readonly reason?: string;
  readonly wait: boolean;
};

/**
 * Has what waits after a failure done at once, and follows it until it is served. Returns the exit code.
 * @throws CommandFailed
 */
export async function retry(
  options: RetryOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const certificates = [...new Set(options.ids)];
  const again = (reason: string, ...more: readonly string[]) =>
    ownCommand({ wish: 'retry', certificates, reason }, options, ...more);
  const reason = await reasonFrom(options.reason, person, again);
  const reached = await reach(options);
  const withoutFollowing = again(reason, '--no-wait');
  const follower = options.wait
    ? await followerOf(reached, certificates, { options, terminal, withoutFollowing })
    : null;
  const send = await sender(reached.location, options);
  const lines = await send({ wish: 'retry', certificates, reason });
  for (const line of actionLines(lines, terminal.width())) terminal.print(line);
  if (!follower) return 0;
  const expected = follower.starts.map((start) => expectedOf(start, lines));
  const followed = expected.flatMap(({ start }) => start ?? []);
  const exitCode = await follower.follow(followed);
  return expected.some(({ start }) => start === null) ? 1 : exitCode;
}
