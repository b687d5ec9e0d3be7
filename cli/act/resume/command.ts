import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';

export type ResumeOptions = ReachOptions & {
  readonly ids: readonly string[];
  readonly reason?: string;
};

/**
 * Ends the pause of certificates. Returns the exit code.
 * @throws CommandFailed
 */
export async function resume(
  options: ResumeOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const certificates = [...new Set(options.ids)];
  const again = (reason: string) => ownCommand({ wish: 'resume', certificates, reason }, options);
  const reason = await reasonFrom(options.reason, person, again);
  const { location } = await reach(options);
  const send = await sender(location, options);
  const lines = await send({ wish: 'resume', certificates, reason });
  const said = ['Renewals may begin again.', ...actionLines(lines, terminal.width())];
  for (const line of said) terminal.print(line);
  return 0;
}
