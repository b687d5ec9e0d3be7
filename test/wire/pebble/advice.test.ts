import { afterEach, describe, expect, test } from 'vitest';
import { addMs, dayMs, hourMs, systemClock } from '#shared/time/clock.ts';
import { binary, count, ids, type PebbleLab, patience, startLab } from './lab.ts';

let lab: PebbleLab;
afterEach(() => lab?.close());

const at = (ms: number) => addMs(systemClock.now(), ms).toISOString();
const window = (startMs: number, endMs: number) =>
  JSON.stringify({ suggestedWindow: { start: at(startMs), end: at(endMs) } });

describe.skipIf(!binary)('a window that Pebble was told to advise', () => {
  test.each<[string, () => string, number, string | null]>([
    ['now is followed, once', () => window(-hourMs, hourMs), 2, null],
    ['in the past is followed, once', () => window(-2 * hourMs, -hourMs), 2, null],
    ['that is inverted is not', () => window(hourMs, -hourMs), 1, 'before it begins'],
    ['that is malformed is not', () => '{"suggestedWindow": "soon"', 1, 'malformed JSON'],
    ['in a month is waited for', () => window(30 * dayMs, 31 * dayMs), 1, null],
  ])('%s', patience, async (_, told, expected, why) => {
    lab = await startLab({});
    for (const id of ids) {
      await lab.stage.settle(id);
      const { certificatePem } = await lab.stage.stored(id);
      const advice = { Certificate: certificatePem, ARIResponse: told() };
      await lab.manage('/set-renewal-info/', advice);
    }
    lab.stage.pass(2 * dayMs);
    for (const id of ids) {
      const { acquireFailure, attempt, renewalInfo, versions } = await lab.stage.settle(id);
      expect([versions.length, attempt, acquireFailure]).toEqual([expected, null, null]);
      if (expected === 1)
        expect(renewalInfo?.failure?.message ?? null).toEqual(why && contains(why));
    }
    const issued = expected * count;
    expect([lab.pebble.orders(), lab.pebble.issued()]).toEqual([issued, issued]);
  });
});

function contains(text: string): unknown {
  return expect.stringContaining(text);
}
