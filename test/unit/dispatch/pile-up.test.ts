import { expect, test } from 'vitest';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { decideDispatch, withSent } from '#shared/check/dispatch/decide-dispatch.ts';
import type { Piece } from '#shared/check/dispatch/piece.ts';
import { emptySentBook } from '#shared/check/dispatch/sent-book.ts';
import { lastEnd } from '#shared/ledger/lease.ts';
import { usualExecutions } from '#shared/limits.ts';
import { minuteMs, secondMs } from '#shared/time/clock.ts';
import { now } from '#test/support/healthy.ts';

const capacity = capacityOf(usualExecutions);
const usual: Piece = {
  work: { kind: 'issue', certificate: 'shop' },
  why: 'new',
  urgency: 'routine',
  seconds: 45,
  endsAt: null,
  isHeld: false,
  lookedAt: null,
  handedOverAt: null,
};

test.each([
  ['kills', 'f', 160 * secondMs],
  ['fails', 'failed', secondMs],
])('a message that %s its runs does not pile up', (_, fence, heldMs) => {
  // One group of a FIFO queue: a message comes five times, every 300 s, and holds up those behind it.
  let book = emptySentBook;
  let leaseUntil: number | null = null;
  let [waiting, receives, nextAt, most] = [0, 0, 0, 0];
  for (let ms = 0; ms < 24 * 60 * minuteMs; ms += 10 * secondMs) {
    const at = new Date(now.getTime() + ms);
    if (ms % (10 * minuteMs) === 0) {
      const lease =
        leaseUntil === null
          ? undefined
          : { fence, holder: 'h', until: new Date(leaseUntil).toISOString() };
      const isHeld = fence === 'f' && leaseUntil !== null && leaseUntil > at.getTime();
      const piece = { ...usual, isHeld, lookedAt: lastEnd(lease) };
      const given = { now: at, capacity, isAsked: false, isWhole: true };
      const { sends, done } = decideDispatch([piece], book, given);
      const sent = sends.map((each) => ({ piece: each, isStarted: false }));
      book = withSent(book, book, done, sent, at);
      waiting += sends.length;
      most = Math.max(most, waiting);
    }
    if (waiting > 0 && at.getTime() >= nextAt) {
      leaseUntil = at.getTime() + heldMs;
      nextAt = at.getTime() + 300 * secondMs;
      receives += 1;
      if (receives === 5) [waiting, receives] = [waiting - 1, 0];
    }
  }
  expect(most).toBe(1);
});
