import { systemClock } from '#shared/time/clock.ts';
import { askCheck } from '../../reach/invoke-check.ts';
import type { ReachOptions } from '../../reach/options.ts';
import { reach } from '../../reach/reach.ts';
import type { Terminal } from '../../terminal.ts';
import { safeJson } from '../../text/safe-json.ts';
import { fleetStatus } from '../status/read-status.ts';
import { plannedOrders } from './answer.ts';
import { exitCodeOf, nothingDue, planPage } from './page.ts';

/** Prints the orders of the coming days, and returns the exit code: 1 where one comes too late. */
export async function plan(
  options: ReachOptions & { readonly days: number; readonly json: boolean },
  terminal: Terminal,
): Promise<number> {
  const { days, json } = options;
  const reached = await reach(options);
  const answer = await askCheck(reached.location, { plan: days }, 'npx certkeep plan --help');
  const orders = plannedOrders(answer);
  const look = { now: systemClock.now(), width: terminal.width(), paint: terminal.paint };
  if (json) terminal.print(safeJson(orders));
  else if (orders.length > 0) terminal.print(planPage(orders, days, look).join('\n'));
  else terminal.print(nothingDue(await fleetStatus(reached), days, look.now));
  return exitCodeOf(orders);
}
