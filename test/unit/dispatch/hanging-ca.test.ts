import { expect, test } from 'vitest';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { decideDispatch, withSent } from '#shared/check/dispatch/decide-dispatch.ts';
import { type Piece, pieceKey } from '#shared/check/dispatch/piece.ts';
import { secondsOf } from '#shared/check/dispatch/pieces-of.ts';
import { emptySentBook } from '#shared/check/dispatch/sent-book.ts';
import { mostInMessage, usualExecutions } from '#shared/limits.ts';
import { addMs, hourMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { now } from '#test/support/healthy.ts';

const places = usualExecutions.issue * mostInMessage;
const base = { why: 'w', endsAt: null, isHeld: false, handedOverAt: null } as const;

/** 2,000 certificates of a CA that answers nothing: a look takes the 20 s of its transport. Real decision, FIFO queue, three runs of many. */
test('an order of another CA waits for less than an hour behind looks at one that hangs', () => {
  const looked = new Map<string, Date>();
  const sendings = new Map<string, number>();
  const queue: string[] = [];
  const runs: { key: string; until: number }[] = [];
  let book = emptySentBook;
  let orderReceivedAt: number | null = null;
  const orderDueMs = 30 * minuteMs;
  for (let ms = 0; ms < 12 * hourMs; ms += secondMs) {
    const at = addMs(now, ms);
    if (ms % (10 * minuteMs) === 0) {
      const pieces: Piece[] = Array.from({ length: 2_000 }, (_, id) => `c${id}`)
        .filter((certificate) => !looked.has(`issue:${certificate}`))
        .map((certificate) => ({
          ...base,
          work: { kind: 'issue', certificate },
          urgency: 'routine',
          seconds: secondsOf.look,
          lookedAt: null,
        }));
      if (ms >= orderDueMs && orderReceivedAt === null)
        pieces.push({
          ...base,
          work: { kind: 'issue', certificate: 'other-ca' },
          urgency: 'soon',
          seconds: secondsOf.order,
          lookedAt: null,
        });
      const capacity = capacityOf(usualExecutions);
      const { sends, done } = decideDispatch(pieces, book, {
        now: at,
        capacity,
        isWhole: true,
        isAsked: false,
      });
      book = withSent(
        book,
        book,
        done,
        sends.map((piece) => ({ piece, isStarted: false })),
        at,
      );
      for (const piece of sends) {
        const key = pieceKey(piece);
        sendings.set(key, (sendings.get(key) ?? 0) + 1);
        queue.push(key);
      }
    }
    for (const run of runs.filter(({ until }) => until <= ms)) {
      looked.set(run.key, at);
      runs.splice(runs.indexOf(run), 1);
    }
    while (runs.length < places && queue.length > 0) {
      const key = queue.shift() as string;
      if (key === 'issue:other-ca') orderReceivedAt ??= ms;
      runs.push({ key, until: ms + (looked.has(key) ? 500 : 20 * secondMs) });
    }
  }
  const waitedMinutes = ((orderReceivedAt ?? Number.POSITIVE_INFINITY) - orderDueMs) / minuteMs;
  expect(waitedMinutes).toBeLessThan(60);
  expect(Math.max(...sendings.values())).toBeLessThanOrEqual(2);
});
