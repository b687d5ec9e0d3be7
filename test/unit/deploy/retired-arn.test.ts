import { expect, test } from 'vitest';
import * as retiredArn from '#shared/deploy/retire/retired-arn.ts';
import type { CertificateRecord, RetiredArn } from '#shared/ledger/record/record.ts';
import { addMs, dayMs, hourMs } from '#shared/time/clock.ts';
import { healthy, inDays, now } from '#test/support/healthy.ts';

const place = '123456789012/us-east-1';
const arn = 'arn:earlier';
const at = now.toISOString();
const ends = inDays(30);
const use = {
  since: inDays(-9).toISOString(),
  by: ['alb'],
  notAfter: ends.toISOString(),
  told: 21,
};
const inAnHour = addMs(now, hourMs).toISOString();

function recordOf(retired: Partial<RetiredArn> | null): CertificateRecord {
  const first = { arn, lookAgainAt: at, ...retired };
  const last = { arn: 'arn:other', lookAgainAt: at };
  const all = retired === null ? [last] : [first, last];
  const held = { arn: 'arn:new', versionId: 'v1', importing: null, previousVersionId: null };
  const open = { publishedArn: null, publishFailure: null, leaving: null };
  return healthy({ imports: { [place]: { ...held, ...open, retired: all, importedAt: at } } });
}

type State = 'not looked at' | 'in use' | 'unused since now' | 'unused for three days';
const states: Readonly<Record<State, Partial<RetiredArn>>> = {
  'not looked at': {},
  'in use': { use },
  'unused since now': { unusedSince: at },
  'unused for three days': { unusedSince: inDays(-3).toISOString() },
};

type Event = (record: CertificateRecord) => CertificateRecord;
const seen = (sight: Partial<retiredArn.Sight>): Event => {
  const whole = { isNeeded: true, usedBy: [], notAfter: ends, ...sight };
  return (record) => retiredArn.lookedAt(record, place, { arn, sight: whole, at: now });
};
const events = {
  'seen with a user': seen({ usedBy: ['other'] }),
  'seen to be needed by nobody else': seen({}),
  'seen without a user': seen({ isNeeded: false }),
  'not looked at': (record) => retiredArn.notLookedAt(record, place, { arn, at: now }),
} as const satisfies Record<string, Event>;

const by = (part: Partial<typeof use>) => ({ use: { ...use, by: ['other'], ...part } });
const found = { since: at, by: ['other'], notAfter: ends.toISOString() };
const soon = { lookAgainAt: inAnHour };
const inSixHours = addMs(now, 6 * hourMs).toISOString();

test.each<[State, keyof typeof events, Partial<RetiredArn>]>([
  ['not looked at', 'seen with a user', { ...soon, use: found }],
  ['not looked at', 'seen to be needed by nobody else', soon],
  ['not looked at', 'seen without a user', { lookAgainAt: inSixHours, unusedSince: at }],
  ['not looked at', 'not looked at', soon],
  ['in use', 'seen with a user', { ...soon, ...by({}) }],
  ['in use', 'seen to be needed by nobody else', soon],
  ['in use', 'seen without a user', { lookAgainAt: inSixHours, unusedSince: at }],
  ['in use', 'not looked at', { ...soon, use }],
  ['unused since now', 'seen with a user', { ...soon, use: found }],
  ['unused since now', 'seen to be needed by nobody else', soon],
  ['unused since now', 'seen without a user', { lookAgainAt: inSixHours, unusedSince: at }],
  ['unused since now', 'not looked at', { ...soon, unusedSince: at }],
  [
    'unused for three days',
    'seen without a user',
    { ...soon, unusedSince: inDays(-3).toISOString() },
  ],
  ['unused for three days', 'seen with a user', { ...soon, use: found }],
])('an earlier ARN that is %s, once %s', (state, event, expected) => {
  const { retired } = events[event](recordOf(states[state])).imports[place] ?? { retired: [] };
  expect(retired.find((each) => each.arn === arn)).toEqual({ arn, ...expected });
  expect(retired).toHaveLength(2);
});

test('one that is unused is looked at when its three days are over, not later', () => {
  const unusedSince = addMs(now, -3 * dayMs + hourMs).toISOString();
  const after = events['seen without a user'](recordOf({ unusedSince })).imports[place];
  expect(after?.retired.at(-1)).toEqual({ arn, unusedSince, lookAgainAt: inAnHour });
});

test('one that is gone is forgotten, and one that is not there changes nothing', () => {
  const after = retiredArn.gone(recordOf({ use }), place, arn);
  expect(after).toEqual(recordOf(null));
  expect(retiredArn.gone(after, place, arn)).toBe(after);
  expect(events['seen with a user'](after)).toBe(after);
});

test.each([
  ['not looked at', false],
  ['in use', false],
  ['unused since now', false],
  ['unused for three days', true],
] as const)('whether one that is %s may go: %s', (state, expected) => {
  expect(retiredArn.isSpent(states[state], now)).toBe(expected);
});

test('a twin that nobody has used may go at once', () => {
  expect(retiredArn.isSpent(retiredArn.neverUsed(arn, now), now)).toBe(true);
  expect(retiredArn.isSpent(retiredArn.replaced(arn, now), now)).toBe(false);
});
