import { afterEach, describe, expect, test } from 'vitest';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { isFull } from '#test/support/full.ts';
import { issueThrough } from './lab.ts';
import { kinds, type Service, startService } from './services.ts';

let service: Service;
afterEach(() => service?.close());

const sizes = isFull ? [1, 40, 100] : [40];
/** Runs side by side, which share the pace of a service: the usual five, and as many as can be configured for. */
const sides = isFull ? [5, 22, 102] : [22];

const rows = kinds.flatMap((kind, at) =>
  sizes.flatMap((size) =>
    [true, false].flatMap((isEach) =>
      sides.map((side) => ({
        kind,
        size,
        isEach,
        side,
        isTried: isFull || isEach === (at % 2 === 0),
      })),
    ),
  ),
);

describe('an order is issued within the day, each value written once, and nothing left', () => {
  test.each(
    rows
      .filter(({ isTried }) => isTried)
      .map(
        (row) =>
          [
            `${row.size} names in ${row.isEach ? 'a zone each' : 'one zone'} over ${row.kind}, beside ${row.side - 1} other runs`,
            row,
          ] as const,
      ),
  )('%s', { timeout: 120_000 }, async (_, { kind, size, isEach, side }) => {
    const domains = Array.from({ length: isEach ? size : 1 }, (_, at) => `shop-${at}.com`);
    const names = isEach
      ? domains
      : Array.from({ length: size }, (_, at) => `n${at}.${domains[0]}`);
    service = await startService(kind, domains);
    const { record, tookMs, orders, certificates } = await issueThrough(service, names, { side });
    const requests = service.requestsFor(size, domains.length);
    expect(service.changes()).toEqual({ written: requests, removed: requests });
    // The last removal spreads, too.
    service.clock.advance(minuteMs);
    expect([service.left(), orders, certificates]).toEqual([0, 1, 1]);
    expect([record.attempt, record.acquireFailure]).toEqual([null, null]);
    expect(tookMs).toBeLessThan(dayMs);
  });
});
