import { systemClock } from '#shared/time/clock.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { stamp } from '../../text/times.ts';
import { wrapped } from '../../text/width.ts';
import type { Person } from '../person.ts';
import { reasonFrom } from '../questions.ts';
import { ownCommand } from '../wish/own-command.ts';
import { actionLines } from '../wish/pages.ts';
import { sender } from '../wish/send.ts';
import { type EndOptions, endOf } from '../wish/until.ts';

export type PauseOptions = ReachOptions &
  EndOptions & { readonly ids: readonly string[]; readonly reason?: string };

/**
 * Lets no renewal of the certificates begin before a time. Returns the exit code.
 * @throws CommandFailed
 */
export async function pause(
  options: PauseOptions,
  { person, terminal }: { readonly person: Person; readonly terminal: Terminal },
): Promise<number> {
  const certificates = [...new Set(options.ids)];
  const { reason: given = 'why, in a few words' } = options;
  const example = ownCommand({ wish: 'pause', certificates, reason: given }, options, '--for 3d');
  const until = endOf(options, systemClock.now(), example);
  const again = (reason: string) =>
    ownCommand({ wish: 'pause', certificates, reason, until }, options);
  const reason = await reasonFrom(options.reason, person, again);
  const { location } = await reach(options);
  const send = await sender(location, options);
  const lines = await send({ wish: 'pause', certificates, reason, until });
  const width = terminal.width();
  const said = `No renewal begins before ${stamp(until)}, but in the last tenth of a life.`;
  for (const line of [...wrapped(said, width), ...actionLines(lines, width)]) terminal.print(line);
  return 0;
}
