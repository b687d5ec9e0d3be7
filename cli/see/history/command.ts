import { systemClock } from '#shared/time/clock.ts';
import { CommandFailed } from '../../failure.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import { readRecord } from '../../record/read-record.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { fleetStatus } from '../status/read-status.ts';
import { assertKnown } from '../status/selection.ts';
import { historyLines } from './page.ts';

/** Prints what has happened to one certificate, and returns the exit code. */
export async function history(
  options: ReachOptions & { readonly id: string; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { id, json } = options;
  const reached = await reach(options);
  const record = await readRecord({ ...reached, clock: systemClock, terminal }, id);
  if (!record) {
    assertKnown(await fleetStatus(reached), id);
    throw new CommandFailed(`nothing has happened to "${id}" yet`, `npx certkeep show ${id}`);
  }
  const { history: events } = record;
  // In a pipe each event is one line, as programs that look for one expect.
  const width = terminal.isInteractive ? terminal.width() : Infinity;
  const lines = events.flatMap((event) => historyLines(event, width));
  terminal.print(json ? safeJson(events) : lines.join('\n'));
  return 0;
}
