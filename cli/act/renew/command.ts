import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { followerOf } from '../follow/follow-wish.ts';
import type { Person } from '../person.ts';
import { assertCanAsk, assertGoesOn, reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines, costLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';

export type RenewOptions = ReachOptions & {
  readonly ids: readonly string[];
  readonly reason?: string;
  /** Goes on although a limit of the CA would be used up. */
  readonly override: boolean;
  readonly yes: boolean;
  /** Follows the stages. */
  readonly wait: boolean;
};

/**
 * Has new certificates with new keys issued, and follows them until they are served. Returns the exit code.
 * @throws CommandFailed
 */
export async function renew(
  options: RenewOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const certificates = [...new Set(options.ids)];
  const wish = options.override ? 'override' : 'force';
  const again = (reason: string, ...more: readonly string[]) =>
    ownCommand({ wish, certificates, reason }, options, ...more);
  const reason = await reasonFrom(options.reason, person, again);
  if (!options.yes) assertCanAsk(person, again(reason, '--yes'));
  const reached = await reach(options);
  const withoutFollowing = again(reason, '--no-wait');
  const follower = options.wait
    ? await followerOf(reached, certificates, { options, terminal, withoutFollowing })
    : null;
  const send = await sender(reached.location, options);
  const wanted = { wish, certificates, reason } as const;
  const printCosts = (lines: Parameters<typeof costLines>[0]) => {
    for (const line of costLines(lines, terminal.width())) terminal.print(line);
  };
  if (!options.yes) {
    printCosts(await send(wanted, { estimate: true }));
    await assertGoesOn(person, again(reason));
  }
  const lines = await send(wanted);
  if (options.yes) printCosts(lines);
  for (const line of actionLines(lines, terminal.width())) terminal.print(line);
  if (!follower) return 0;
  return follower.follow(follower.starts.map((start) => ({ ...start, awaits: 'new' })));
}
