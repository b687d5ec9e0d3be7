import { type Clock, systemClock } from '#shared/time/clock.ts';
import { CommandFailed, failureText } from './failure.ts';
import { historyLine } from './history/page.ts';
import type { ReachOptions } from './reach/options.ts';
import { type Reached, reach } from './reach/reach.ts';
import { factsOf } from './show/facts.ts';
import { showPage } from './show/page.ts';
import { readRecord } from './show/read-record.ts';
import { exitCodeOf } from './status/page.ts';
import { fleetStatus } from './status/read-status.ts';
import { assertKnown, selected } from './status/selection.ts';
import { lookAtStatus, type StatusOptions } from './status/status.ts';
import { watch } from './status/watch.ts';
import type { Terminal } from './terminal.ts';
import { safeJson } from './text/safe-json.ts';

type About = { readonly id: string; readonly json: boolean };

/** Each command reads, prints, and returns the exit code. */

export async function status(
  options: ReachOptions & StatusOptions & { readonly watch: boolean },
  terminal: Terminal,
): Promise<number> {
  const ports = { clock: systemClock, terminal };
  const reached = await reach(options);
  const look = () => lookAtStatus(reached, options, ports);
  if (options.watch) return watch(look, ports);
  const { exitCode, text } = await look();
  terminal.print(text);
  return exitCode;
}

export async function show(options: ReachOptions & About, terminal: Terminal): Promise<number> {
  const reached = await reach(options);
  const [whole, record] = await Promise.all([
    fleetStatus(reached),
    recordOf(reached, options.id, terminal, systemClock),
  ]);
  assertKnown(whole, options.id);
  const mine = selected(whole, { ids: [options.id], failing: false, owner: null, sort: 'state' });
  const [certificate] = mine.certificates;
  if (!certificate) throw new Error(`${options.id} was there and is not`);
  const facts = factsOf(mine, certificate, record);
  const now = systemClock.now();
  const look = { now, width: terminal.width(), paint: terminal.paint };
  terminal.print(options.json ? safeJson(facts) : showPage(facts, look).join('\n'));
  return exitCodeOf({ ...mine, conditions: [] }, now);
}

export async function history(options: ReachOptions & About, terminal: Terminal): Promise<number> {
  const reached = await reach(options);
  const record = await recordOf(reached, options.id, terminal, systemClock);
  if (!record) {
    assertKnown(await fleetStatus(reached), options.id);
    throw new CommandFailed(
      `nothing has happened to "${options.id}" yet`,
      `npx certkeep show ${options.id}`,
    );
  }
  terminal.print(
    options.json ? safeJson(record.history) : record.history.map(historyLine).join('\n'),
  );
  return 0;
}

function recordOf({ objects }: Reached, id: string, terminal: Terminal, clock: Clock) {
  const complain = (message: string, { reason }: { readonly reason?: string }) =>
    terminal.complain(failureText(new Error(reason ? `${message}: ${reason}` : message)));
  const log = { info: complain, warn: complain, error: complain };
  return readRecord({ objects, clock, log }, id);
}
