import { afterEach, describe, expect, test } from 'vitest';
import { hourMs, minuteMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { some } from '#test/support/full.ts';
import { type Interrupted, interrupted, type points } from '#test/support/interrupted.ts';

let left: Interrupted;
afterEach(() => left?.world.close());

type Row = {
  /** Of order, authorization and challenge, as the next run finds them. */
  readonly found: string;
  readonly died: keyof typeof points;
  readonly finalizeMs?: number;
  readonly arrange?: (left: Interrupted) => void;
};

const beforeAuthorization = 'before it looked at an authorization';
const before = (found: string, arrange?: Row['arrange']): Row => ({
  found,
  died: beforeAuthorization,
  ...(arrange && { arrange }),
});

/** States from which the same order becomes the certificate. */
const goOn: readonly Row[] = [
  before('pending, pending, pending'),
  { found: 'pending, pending, pending, published', died: 'before it answered the challenge' },
  { found: 'pending, pending, processing', died: 'after it answered the challenge' },
  before('pending, pending, valid', ({ decide, show }) => {
    decide('valid');
    show('order', { status: 'pending' }, 3);
    show('authz', { status: 'pending', challenge: 'valid' });
  }),
  before('pending, valid, valid', ({ decide, show }) => {
    decide('valid');
    show('order', { status: 'pending' }, 3);
  }),
  before('ready, valid, valid', ({ decide }) => decide('valid')),
  { found: 'ready, valid, valid, with a CSR that has not left', died: 'before finalize' },
  { found: 'processing, valid, valid', died: 'after finalize', finalizeMs: 20 * minuteMs },
  { found: 'valid, valid, valid', died: 'after finalize' },
];

/** States that nothing can be made of: the same key goes into another order. */
const orderAnew: readonly Row[] = [
  ...['invalid', 'expired', 'deactivated', 'revoked', 'pending'].map((status) =>
    before(`pending, ${status}, invalid`, ({ decide, show }) => {
      decide('invalid');
      show('order', { status: 'pending' }, Number.POSITIVE_INFINITY);
      show('authz', { status, challenge: 'invalid' }, Number.POSITIVE_INFINITY);
    }),
  ),
  before('invalid, invalid, invalid', ({ decide }) => decide('invalid')),
  before('invalid, deactivated, invalid', ({ decide }) => decide('deactivated')),
  before('processing by another certificate', ({ decide, finalizeForAnother }) => {
    decide('valid');
    finalizeForAnother();
  }),
  before('unknown to the CA', ({ forget }) => forget()),
];

/** A CSR has left for it, so another order gets another key: an attempt finalizes one. */
const beginAnew: readonly Row[] = [
  {
    found: 'invalid, deactivated, invalid, with a CSR',
    died: 'before finalize',
    arrange: ({ decide }) => decide('deactivated'),
  },
  {
    found: 'unknown to the CA, with a CSR',
    died: 'before finalize',
    arrange: ({ forget }) => forget(),
  },
];

async function lived({ died, finalizeMs, arrange }: Row) {
  left = await interrupted(died, finalizeMs === undefined ? {} : { finalizeMs });
  arrange?.(left);
  const { world, attempt, asked } = left;
  await world.live(3 * hourMs);
  const { versions, txt, ...record } = world.record('shop');
  const ours = world.cloud.ca.ledger().orders.filter(({ serial }) => serial !== null);
  // One certificate exists at the CA, and it is the one in service.
  expect(ours).toMatchObject([{ finalizedTimes: 1, serial: versions[0]?.serial }]);
  expect([versions.length, record.attempt, record.acquireFailure]).toEqual([1, null, null]);
  expect([...txt, ...txtAt(world, '_acme-challenge.example.com')]).toEqual([]);
  return { orders: asked('newOrder'), keepsKey: versions[0]?.id === attempt.id };
}

describe('order, authorization and challenge found', () => {
  test.each(some(goOn))('$found: the order goes on', async (row) => {
    expect(await lived(row)).toEqual({ orders: 1, keepsKey: true });
  });

  test.each(some(orderAnew))('$found: the key goes into another order', async (row) => {
    expect(await lived(row)).toEqual({ orders: 2, keepsKey: true });
  });

  test.each(some(beginAnew))('$found: another attempt begins', async (row) => {
    expect(await lived(row)).toEqual({ orders: 2, keepsKey: false });
  });
});
