import type { Acquisition } from '../acquisition.ts';
import { newAttempt } from '../attempt.ts';
import { authorizeOrder, removeValues } from '../challenges/authorize.ts';
import { runPreflight } from '../challenges/preflight.ts';
import { orderWithin } from './order.ts';

/**
 * Orders the names of a certificate up to the point where only finalize is left: account, profile, policy, CAA and DNS or HTTP
 * are then known to work there. The order is left to expire; nothing is issued. The attempt is not in the ledger, so that
 * values of a run that dies belong to no attempt, and are removed by the next one.
 */
export async function proveNames(
  acquisition: Acquisition,
  { issuer, reason }: { readonly issuer: string; readonly reason: string },
): Promise<void> {
  const attempt = newAttempt(acquisition.attemptId, acquisition.certificate, {
    ...{ issuer, reason, configuration: '', reuseKey: false },
    now: acquisition.clock.now(),
  });
  await runPreflight(acquisition, attempt);
  const { order } = await orderWithin(acquisition, attempt, { spares: true });
  await authorizeOrder(acquisition, attempt, order);
  await removeValues(acquisition, attempt);
}
