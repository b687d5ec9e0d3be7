import { addMs, secondMs } from '#shared/clock.ts';
import { CertkeepError, errorMessage } from '#shared/errors.ts';
import type { Attempt } from '#shared/ledger/record.ts';
import type { Secret } from '#shared/secret.ts';
import { type Acquisition, updateAttempt } from './attempt.ts';
import { createCsr } from './issuers/csr.ts';
import type { Order } from './issuers/issuer.ts';

/**
 * The order of this attempt: the one in the ledger while the CA still knows it, else a new one. A run
 * that dies between newOrder and the write leaves an order that nobody finalizes; it expires at the CA.
 */
export async function ensureOrder(acquisition: Acquisition, attempt: Attempt): Promise<Order> {
  if (attempt.orderUrl) {
    const known = await acquisition.issuer.order(attempt.orderUrl);
    if (known) return known;
  }
  const order = await acquisition.issuer.newOrder(attempt.names);
  await updateAttempt(acquisition, { orderUrl: order.url, csr: null, finalizeUrl: null });
  acquisition.log.info('order created', {
    stage: 'issue',
    certificate: acquisition.certificate.id,
    outcome: order.status,
  });
  return order;
}

/**
 * Finalizes a ready order once. CSR and finalize URL are in the ledger before the call, so that any
 * later run finalizes with the same key; on any error the order itself says what happened (RFC 8555 §7.4).
 */
export async function finalizeOrder(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  key: Secret,
): Promise<Order> {
  if (order.status !== 'ready') return order;
  const csr = attempt.csr ?? (await createCsr(key, attempt.names));
  const { finalizeUrl } = order;
  if (!attempt.csr) await updateAttempt(acquisition, { csr, finalizeUrl });
  try {
    return await acquisition.issuer.finalize(finalizeUrl, order.url, csr);
  } catch (error) {
    const seen = await acquisition.issuer.order(order.url);
    if (!seen || seen.status === 'ready') throw error;
    acquisition.log.warn('finalize failed but the order went on', {
      stage: 'issue',
      certificate: acquisition.certificate.id,
      outcome: seen.status,
      reason: errorMessage(error),
    });
    return seen;
  }
}

/**
 * Reads the order until it leaves `while`. The CA's Retry-After is respected up to the end of this
 * run's patience; waiting longer means returning and being called again.
 * @throws CertkeepError OrderInvalid, OrderTimedOut
 */
export async function pollOrder(
  acquisition: Acquisition,
  order: Order,
  waiting: readonly Order['status'][],
): Promise<Order> {
  const { clock, issuer, pollMs, waitUntil } = acquisition;
  let seen = order;
  while (waiting.includes(seen.status)) {
    const next = nextLook(seen, clock.now(), pollMs);
    if (next > waitUntil) {
      throw new CertkeepError('OrderTimedOut', `order is still ${seen.status}`, {
        retryAt: soon(next, clock.now()),
      });
    }
    await clock.sleep(next.getTime() - clock.now().getTime());
    const fresh = await issuer.order(order.url);
    if (!fresh) throw new CertkeepError('OrderInvalid', 'the CA no longer knows the order');
    seen = fresh;
  }
  if (seen.status === 'invalid') {
    throw new CertkeepError('OrderInvalid', seen.problem ?? 'the CA gave no reason');
  }
  return seen;
}

/** Retry-After counts when it is near; ZeroSSL names a day for orders that are ready in minutes. */
const longestPollMs = 30 * secondMs;

function nextLook(order: Order, now: Date, pollMs: number): Date {
  const asked = order.retryAfter ? order.retryAfter.getTime() - now.getTime() : pollMs;
  return addMs(now, Math.min(Math.max(asked, pollMs), longestPollMs));
}

function soon(next: Date, now: Date): Date {
  return next > now ? next : addMs(now, secondMs);
}
