import { expect, test } from 'vitest';
import { CommandFailed, failureText } from '#cli/failure.ts';
import { historyLines } from '#cli/see/history/page.ts';
import { statusPage } from '#cli/see/status/page.ts';
import { bothNames, readableName } from '#cli/text/names.ts';
import { plainPaint } from '#cli/text/paint.ts';
import { safeJson } from '#cli/text/safe-json.ts';
import { table } from '#cli/text/table.ts';
import { dayOf, shortSpan } from '#cli/text/times.ts';
import { cut, folded, padded, widthOf, wrapped } from '#cli/text/width.ts';
import { hidden } from '#shared/text/plain-text.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { inDays, now } from '#test/support/healthy.ts';

/** An escape that clears the screen, one that C1 begins, a line of its own, and words that run backwards. */
const hostile = 'a\u001b[2J\u009b31m\nall is well\u202e\u2066\u200b\u0007';

test.each([
  ['example.com', 11],
  ['münchen.de', 10],
  ['例え.jp', 7],
  ['한국.kr', 7],
  ['e\u0301te\u0301', 3],
  ['🔑', 2],
])('%s takes %i columns', (text, width) => {
  expect(widthOf(text)).toBe(width);
  expect(widthOf(padded(text, 20))).toBe(20);
});

test('a wide letter that does not fit whole is cut as a whole', () => {
  expect(cut('例え例え.jp', 6)).toBe('例え…');
  expect(cut('例え', 4)).toBe('例え');
});

test('text is broken between words', () => {
  expect(wrapped('one two three fourteenletters', 9)).toEqual([
    'one two',
    'three',
    'fourteenletters',
  ]);
});

test('columns stand below each other where letters are wide', () => {
  const columns = [
    { head: 'NAME', least: 4, givesWay: 1, cell: ([name]: readonly string[]) => name ?? '' },
    { head: 'X', least: 1, givesWay: 2, cell: ([, x]: readonly string[]) => x ?? '' },
  ];
  const rows = [
    ['例え.jp', '1'],
    ['abc', '2'],
  ];
  expect(table(columns, rows, 80)).toEqual(['NAME     X', '例え.jp  1', 'abc      2']);
  expect(table(columns, rows, 9)).toEqual(['NAME    X', '例え.…  1', 'abc     2']);
});

test.each([
  ['xn--mnchen-3ya.de', 'münchen.de', 'münchen.de (xn--mnchen-3ya.de)'],
  ['*.xn--r8jz45g.jp', '*.例え.jp', '*.例え.jp (*.xn--r8jz45g.jp)'],
  ['example.com', 'example.com', 'example.com'],
  ['xn--0', 'xn--0', 'xn--0'],
  // Cyrillic а in a Latin word.
  ['xn--pple-43d.com', '\\u{430}pple.com', '\\u{430}pple.com (xn--pple-43d.com)'],
])('%s is read as people read it', (name, readable, both) => {
  expect(readableName(name)).toBe(readable);
  expect(bothNames(name)).toBe(both);
});

test.each([
  [3 * dayMs, '3 d'],
  [47 * hourMs, '47 h'],
  [90 * minuteMs, '90 min'],
])('%i ms are short', (ms, text) => {
  expect(shortSpan(ms)).toBe(text);
});

test('a day that is long ahead has its year', () => {
  expect(dayOf(inDays(30).toISOString(), now)).toBe('22 Dec');
  expect(dayOf(inDays(330).toISOString(), now)).toBe('2027-10-18');
});

function hiddenIn(text: string): readonly string[] {
  return text.split('\n').filter((line) => hidden.test(line));
}

test.each([80, 120, 200])('nothing hostile reaches a terminal of %i columns', (width) => {
  const condition = troubled({
    ...{ message: hostile, about: hostile, reason: hostile, scope: hostile },
    danger: { where: hostile },
  });
  const status = fleetStatus({ [hostile]: [condition] }, { own: [condition] });
  const all = {
    ...status,
    installation: { name: hostile, account: hostile, region: hostile },
    certificates: status.certificates.map((each) => ({ ...each, name: hostile, issuer: hostile })),
  };
  const text = statusPage(all, 1, { now, width, paint: plainPaint }).join('\n');
  expect(hiddenIn(text)).toEqual([]);
  expect(text).not.toMatch(/^all is well/m);
});

test('nothing hostile is in an error, a line of history or JSON', () => {
  const entry = { at: now.toISOString(), stage: hostile, what: hostile, why: hostile };
  expect(hiddenIn(failureText(new Error(hostile)))).toEqual([]);
  const [line = '', ...others] = historyLines(entry, Infinity);
  expect(others).toEqual([]);
  expect(hiddenIn(line)).toEqual([]);
  const json = safeJson({ text: hostile });
  expect(hiddenIn(json)).toEqual([]);
  expect(JSON.parse(json)).toEqual({ text: hostile });
});

test('a long text is broken between words below its beginning; what people copy stays whole', () => {
  const next = `Next: npx certkeep validate ${'x'.repeat(30)}`;
  const text = ['  one two three four', '    10 | alerts: and more of it', next].join('\n');
  expect(folded(text, 12).split('\n')).toEqual([
    ...['  one two', '  three four', '    10 | alerts: and more of it', next],
  ]);
});

test('a failure is broken at the width of the terminal, and its command is not', () => {
  const error = new CommandFailed(
    'there is nothing that could be taken',
    'npx certkeep status --local',
  );
  expect(failureText(error, { width: 24 }).split('\n')).toEqual([
    ...[
      'certkeep: there is',
      'nothing that could be',
      'taken',
      'Next: npx certkeep status --local',
    ],
  ]);
});

test('an event that is too long goes on below its text', () => {
  const event = {
    at: now.toISOString(),
    stage: 'verify',
    what: 'served: shop is served by web:443',
    why: null,
  };
  const [first = '', ...rest] = historyLines(event, 50);
  expect(first).toMatch(/UTC {2}verify {3}served: shop is$/);
  expect(rest).toEqual([`${' '.repeat(31)}served by web:443`]);
});
