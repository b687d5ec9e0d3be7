import type { RevocationCode } from '#shared/revocation-codes.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { followerOf } from '../follow/follow-wish.ts';
import type { Person } from '../person.ts';
import { assertCanAsk, assertGoesOn, codeFrom, reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import { revocationPlan } from './plan.ts';

export type RevokeOptions = ReachOptions & {
  readonly id: string;
  readonly code?: RevocationCode;
  readonly version?: string;
  readonly reason?: string;
  readonly yes: boolean;
  /** Follows the stages. */
  readonly wait: boolean;
};

/**
 * Has a version revoked by its CA once another one is served, and follows it until then. Returns the exit code.
 * @throws CommandFailed
 */
export async function revoke(
  options: RevokeOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const { id, version } = options;
  const common = { wish: 'revoke', certificates: [id], version } as const;
  const { reason: given = 'why, in a few words' } = options;
  const code = await codeFrom(options.code, person, (each) =>
    ownCommand({ ...common, code: each, reason: given }, options),
  );
  const again = (reason: string, ...more: readonly string[]) =>
    ownCommand({ ...common, code, reason }, options, ...more);
  const reason = await reasonFrom(options.reason, person, again);
  if (!options.yes) assertCanAsk(person, again(reason, '--yes'));
  const reached = await reach(options);
  const withoutFollowing = again(reason, '--no-wait');
  const follower = options.wait
    ? await followerOf(reached, [id], { options, terminal, withoutFollowing })
    : null;
  const send = await sender(reached.location, options);
  // The one that the person is asked about, although another one may come into service meanwhile.
  const shown = follower?.starts[0]?.record?.desired ?? undefined;
  const wanted = { ...common, version: version ?? shown, code, reason };
  if (!options.yes) {
    const [line] = await send(wanted, { estimate: true });
    const { record = null, targets = null } = follower?.starts[0] ?? {};
    const about = { id, code, version, record, targets, takes: line?.takes ?? null };
    for (const each of revocationPlan(about, terminal.width())) terminal.print(each);
    await assertGoesOn(person, again(reason));
  }
  const lines = await send(wanted);
  for (const line of actionLines(lines, terminal.width())) terminal.print(line);
  if (!follower) return 0;
  return follower.follow(follower.starts.map((start) => ({ ...start, awaits: 'revoked' })));
}
