import type { Clock } from '#shared/clock.ts';
import { eachOf } from '#shared/each.ts';
import { errorMessage, errorName } from '#shared/errors.ts';
import type { Log } from '#shared/log.ts';
import type { CheckLine } from '../send-due.ts';
import { readBooks } from './books.ts';
import type { BudgetBook } from './budget-book.ts';
import { type Candidate, planOrders } from './plan.ts';
import { limitText } from './texts.ts';

/** An order that the limits of its CA may have to wait for. */
export type WantedOrder = Candidate & {
  readonly reason: string;
  readonly send: () => Promise<void>;
};

type AdmitPorts = {
  readonly budgetBook: Pick<BudgetBook, 'read'>;
  readonly clock: Pick<Clock, 'now'>;
  readonly log: Log;
};

/**
 * Sends the orders that fit into the limits of the CAs now, the most urgent first; the others wait for a
 * later check. Issue counts for itself once more, so that runs side by side do no harm.
 * @throws AggregateError of what could not be sent
 */
export async function admit(
  ports: AdmitPorts,
  orders: readonly WantedOrder[],
): Promise<readonly CheckLine[]> {
  if (orders.length === 0) return [];
  const now = ports.clock.now();
  const planned = planOrders(orders, await booksOf(ports, orders), { now, until: now });
  const admitted = planned.filter(({ at }) => at !== null);
  const sideBySide = { concurrency: 32, failure: 'orders could not be sent' };
  await eachOf(admitted, sideBySide, ({ candidate }) => candidate.send());
  return planned.map(({ candidate: { certificate, reason }, at, waitsFor }): CheckLine => {
    if (at || !waitsFor) return { certificate, action: 'issue', reason };
    const { charge, until } = waitsFor;
    const why = `${limitText(charge)} are as good as used up until ${until.toISOString()}`;
    return { certificate, action: 'wait', reason: `${reason}; ${why}` };
  });
}

async function booksOf({ budgetBook, log }: AdmitPorts, orders: readonly WantedOrder[]) {
  try {
    return await readBooks(budgetBook, orders);
  } catch (error) {
    const fields = { outcome: errorName(error), reason: errorMessage(error) };
    log.warn('limits not known: everything is sent', { stage: 'check', ...fields });
    return new Map();
  }
}
