import { CertkeepError, errorMessage } from '#shared/errors.ts';
import { isRefusedAs } from '#shared/issuers/acme/problem.ts';
import type { Order } from '#shared/issuers/issuer.ts';
import { putAside } from '#shared/ledger/record/chosen.ts';
import {
  type Attempt,
  type CertificateRecord,
  desiredVersion,
} from '#shared/ledger/record/record.ts';
import {
  chargesOf,
  issuanceChargesOf,
  type Standing,
  standingOf,
} from '#shared/rate-limits/charges.ts';
import { learn, takeForIssuance, takeForOrder } from '#shared/rate-limits/spend.ts';
import type { Secret } from '#shared/secret.ts';
import { addMs, secondMs } from '#shared/time/clock.ts';
import { evenly, pauseUntil, poll } from '#shared/time/waiting.ts';
import { createCsr } from '#shared/x509/csr.ts';
import { type Acquisition, advance } from '../acquisition.ts';
import { replaceable } from '../advice/renewal-info.ts';
import { csrSent, newOrderFailed, ordered } from '../attempt.ts';
import { keepIfPossible } from '../keep.ts';
import { hasExpired } from './expired.ts';
import { refuseUsedKey } from './own-attempt.ts';

/**
 * Returns the order of this attempt: the one in the ledger while the CA still knows it, else a new one. A run that dies
 * between newOrder and the write leaves an order that nobody finalizes; it expires at the CA.
 */
export async function ensureOrder(acquisition: Acquisition, attempt: Attempt): Promise<Order> {
  const { profile = null } = acquisition.issuerConfig;
  const known = attempt.orderUrl ? await lookUp(acquisition, attempt.orderUrl) : null;
  // An order whose CSR was sent is issued as it was ordered.
  const isAsWanted = attempt.csr !== null || [undefined, profile].includes(attempt.profile);
  const isOver =
    known?.status === 'invalid' && !attempt.csr && (await hasExpired(acquisition, known));
  if (known && isAsWanted && !isOver && !isOfAnother(known, attempt)) return known;
  // An attempt finalizes one order; the result of this one is unknown, so a new attempt begins.
  if (attempt.orderUrl && attempt.csr) throw forgotten();
  const { order, standing } = await orderWithin(acquisition, attempt);
  await advance(acquisition, (record, id) =>
    ordered(record, id, { url: order.url, standing, profile }),
  );
  acquisition.log.info('order created', {
    stage: 'issue',
    certificate: acquisition.certificate.id,
    outcome: order.status,
  });
  return order;
}

/** Orders within the CA's limits, as far as they are known: a refusal would count, or last for days. */
export async function orderWithin(
  acquisition: Acquisition,
  attempt: Attempt,
  { spares = false }: { readonly spares?: boolean } = {},
): Promise<{ readonly order: Order; readonly standing: Standing }> {
  const { certificate, clock, issuer, issuerConfig, mine } = acquisition;
  const record = await mine.read();
  const replaced = attempt.withoutReplaces ? null : await replacedBy(acquisition, record);
  const standing = standingAs(replaced !== null);
  const charges = chargesAs(standing);
  await takeForOrder(acquisition, charges, {
    insists: !spares && (record.forced?.override ?? false),
    spares,
  });
  const order = await issuer.newOrder(attempt.names, replaced).catch(async (error) => {
    // Charges that were to be spared may have been counted.
    const all = chargesOf(certificate, { name: attempt.issuer, config: issuerConfig }, 'new');
    await keepIfPossible(acquisition, 'a limit', () => learn(acquisition, all, error));
    // Pebble fails so at some replacements, and would for ever; other CAs are merely failing, either way.
    const mayBeOfReplaces = replaced !== null || attempt.withoutReplaces;
    if (mayBeOfReplaces && isRefusedAs(error, 'serverInternal')) {
      await advance(acquisition, newOrderFailed);
    }
    throw error;
  });
  // The CA may not have accepted it as a replacement.
  if (order.isReplacing || standing !== 'advised') return { order, standing };
  const counted = standingAs(false);
  await takeForOrder(acquisition, chargesAs(counted), { insists: true });
  return { order, standing: counted };

  function standingAs(replaces: boolean): Standing {
    return standingOf(certificate, issuerConfig, record, { replaces, now: clock.now() });
  }

  function chargesAs(counted: Standing) {
    return chargesOf(certificate, { name: attempt.issuer, config: issuerConfig }, counted);
  }
}

/** RFC 9773 §5: only a certificate of the same account. */
async function replacedBy(
  { certificate, issuer, issuerConfig }: Acquisition,
  record: CertificateRecord,
): Promise<string | null> {
  // A CA takes a certificate for replaced once.
  const version = putAside(record) ?? desiredVersion(record);
  const renewalId = version && replaceable(version, certificate, issuerConfig);
  if (!renewalId) return null;
  return version.origin?.account === (await issuer.about()).accountUrl ? renewalId : null;
}

/**
 * CAs return an open order again when the same account asks for the same names (Let's Encrypt does): another certificate,
 * with another kind of key, may have finalized it.
 */
function isOfAnother(order: Order, attempt: Attempt): boolean {
  return !attempt.csr && (order.status === 'processing' || order.status === 'valid');
}

/** CAs read from replicas: a new order may not be found for a moment. */
const looksForOrder = 3;

function lookUp({ clock, issuer, pollMs }: Acquisition, url: string): Promise<Order | null> {
  return poll(clock, evenly(looksForOrder, pollMs), () => issuer.order(url));
}

function forgotten(): CertkeepError {
  return new CertkeepError('OrderForgotten', 'the CA no longer knows the order');
}

/**
 * Finalizes a ready order once. CSR and finalize URL are in the ledger before the call, so that any later run finalizes
 * with the same key; on any error the order itself says what happened (RFC 8555 §7.4). The CSR in the ledger was compared
 * with the key before (own-attempt.ts).
 */
export async function finalizeOrder(
  acquisition: Acquisition,
  attempt: Attempt,
  order: Order,
  key: Secret,
): Promise<Order> {
  const { finalizeUrl } = order;
  if (order.status !== 'ready' || finalizeUrl === null) return order;
  const csr = attempt.csr ?? createCsr(key, attempt.names);
  if (attempt.csr) await refuseUsedKey(acquisition, attempt, key);
  else {
    const { certificate, clock, issuerConfig } = acquisition;
    const issuer = { name: attempt.issuer, config: issuerConfig };
    const record = await acquisition.mine.read();
    await takeForIssuance(acquisition, issuanceChargesOf(certificate, issuer, record, clock.now()));
  }
  if (attempt.csr !== csr || attempt.finalizeUrl !== finalizeUrl) {
    await advance(acquisition, (record, id) => csrSent(record, id, { csr, finalizeUrl }));
  }
  try {
    return await acquisition.issuer.finalize(finalizeUrl, order.url, csr);
  } catch (error) {
    const fields = {
      stage: 'issue',
      certificate: acquisition.certificate.id,
      reason: errorMessage(error),
    } as const;
    const seen = await lookUp(acquisition, order.url).catch((unread) => {
      acquisition.log.warn('order not read', { ...fields, reason: errorMessage(unread) });
      return null;
    });
    if (!seen || seen.status === 'ready') throw error;
    acquisition.log.warn('finalize failed but the order went on', {
      ...fields,
      outcome: seen.status,
    });
    return seen;
  }
}

/**
 * Reads the order until it leaves `waiting`. The CA's Retry-After is obeyed (RFC 8555 §7.5.1) up to the end of this run's
 * patience; a longer wait is left to the next run.
 * @throws CertkeepError OrderInvalid, OrderForgotten, OrderTimedOut
 */
export async function pollOrder(
  acquisition: Acquisition,
  order: Order,
  waiting: readonly Order['status'][],
): Promise<Order> {
  const { clock, pollMs, waitUntil } = acquisition;
  let seen = order;
  for (let looks = 0; waiting.includes(seen.status); looks += 1) {
    const next = nextLook(seen, clock.now(), Math.min(pollMs, firstWaitsMs[looks] ?? pollMs));
    if (next > waitUntil) {
      throw new CertkeepError('OrderTimedOut', `order is still ${seen.status}`, {
        retryAt: soon(next, clock.now()),
      });
    }
    await pauseUntil(clock, next);
    const fresh = await lookUp(acquisition, order.url);
    if (!fresh) throw forgotten();
    seen = fresh;
  }
  if (seen.status === 'invalid') {
    const { problem } = seen;
    const message = problem?.message ?? 'the CA gave no reason';
    throw new CertkeepError('OrderInvalid', message, { cause: problem ?? undefined });
  }
  return seen;
}

/**
 * The waits before the first looks at an order whose CA does not say when to look: many decide within milliseconds, and others
 * take seconds.
 */
const firstWaitsMs = [60, secondMs, 2 * secondMs];

/** Retry-After counts when it is short; ZeroSSL names a day for orders that are ready in minutes. */
const longestPollMs = 30 * secondMs;

/** A CA that asks for no wait, or for one that is over, is looked at as one that does not say. */
function nextLook(order: Order, now: Date, usualMs: number): Date {
  const asked = order.retryAfter ? order.retryAfter.getTime() - now.getTime() : 0;
  return addMs(now, Math.min(asked > 0 ? asked : usualMs, longestPollMs));
}

function soon(next: Date, now: Date): Date {
  return next > now ? next : addMs(now, secondMs);
}
