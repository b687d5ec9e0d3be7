import { systemClock } from '#shared/time/clock.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import { readRecord } from '../../record/read-record.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { exitCodeOf } from '../status/page.ts';
import { fleetStatus } from '../status/read-status.ts';
import { selected } from '../status/selection.ts';
import { factsOf } from './facts.ts';
import { showPage } from './page.ts';

/** Prints all that is known of one certificate, and returns the exit code, by that certificate alone. */
export async function show(
  options: ReachOptions & { readonly id: string; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { id, json } = options;
  const reached = await reach(options);
  const [whole, record] = await Promise.all([
    fleetStatus(reached),
    readRecord({ ...reached, clock: systemClock, terminal }, id),
  ]);
  const mine = selected(whole, { ids: [id], failing: false, owner: null, sort: 'state' });
  const now = systemClock.now();
  const facts = mine.certificates.map((certificate) => factsOf(mine, certificate, record, now));
  const isLocal = options.local === true;
  const look = { now, width: terminal.width(), paint: terminal.paint, isLocal };
  for (const each of facts) {
    terminal.print(json ? safeJson(each) : showPage(each, look).join('\n'));
  }
  return exitCodeOf({ ...mine, conditions: [] }, now);
}
