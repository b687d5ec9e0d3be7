import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';

export type BarOptions = ReachOptions & {
  readonly id: string;
  readonly version?: string;
  readonly reason?: string;
};

/**
 * Keeps a version of a certificate out of service. Returns the exit code.
 * @throws CommandFailed
 */
export async function bar(
  options: BarOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const { id, version } = options;
  const wanted = { wish: 'bar', certificates: [id], version } as const;
  const again = (reason: string) => ownCommand({ ...wanted, reason }, options);
  const reason = await reasonFrom(options.reason, person, again);
  const { location } = await reach(options);
  const send = await sender(location, options);
  const lines = await send({ ...wanted, reason });
  const said = [
    'That version stays out of service until you unbar it.',
    ...actionLines(lines, terminal.width()),
  ];
  for (const line of said) terminal.print(line);
  return 0;
}
