import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { followerOf } from '../follow/follow-wish.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import type { RenewOptions } from './command.ts';

/**
 * Has the next renewal rehearsed at the staging directory of the CA, up to the point where only the certificate is missing,
 * and follows it. Nobody is asked whether to go on: nothing is issued. Returns the exit code.
 * @throws CommandFailed
 */
export async function dryRun(
  options: Pick<RenewOptions, 'ids' | 'reason' | 'wait'> & ReachOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const wish = 'rehearse';
  const certificates = [...new Set(options.ids)];
  const again = (reason: string, ...more: readonly string[]) =>
    ownCommand({ wish, certificates, reason }, options, ...more);
  const reason = await reasonFrom(options.reason, person, again);
  const reached = await reach(options);
  const withoutFollowing = again(reason, '--no-wait');
  const follower = options.wait
    ? await followerOf(reached, certificates, { options, terminal, withoutFollowing })
    : null;
  const send = await sender(reached.location, options);
  const lines = await send({ wish, certificates, reason });
  for (const line of actionLines(lines, terminal.width())) terminal.print(line);
  if (!follower) return 0;
  return follower.follow(follower.starts.map((start) => ({ ...start, awaits: 'rehearsed' })));
}
