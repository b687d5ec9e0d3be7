import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';

export type UnbarOptions = ReachOptions & {
  readonly id: string;
  readonly version?: string;
  readonly reason?: string;
};

/**
 * Lets a version of a certificate be served again. Returns the exit code.
 * @throws CommandFailed
 */
export async function unbar(
  options: UnbarOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const { id, version } = options;
  const wanted = { wish: 'unbar', certificates: [id], version } as const;
  const again = (reason: string) => ownCommand({ ...wanted, reason }, options);
  const reason = await reasonFrom(options.reason, person, again);
  const { location } = await reach(options);
  const send = await sender(location, options);
  const lines = await send({ ...wanted, reason });
  const said = ['That version may be served again.', ...actionLines(lines, terminal.width())];
  for (const line of said) terminal.print(line);
  return 0;
}
