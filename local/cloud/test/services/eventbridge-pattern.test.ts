import { expect, it } from 'vitest';
import { matchesEvent, parseEventPattern } from '#cloud/services/eventbridge/pattern.ts';

const event = {
  source: 'certkeep',
  'detail-type': 'certificate failed',
  resources: ['arn:one', 'arn:two'],
  detail: { kind: 'failed', severity: 'high', attempt: { number: 3, fatal: false }, retry: null },
};

it.each<[string, object]>([
  ['an exact value', { source: ['certkeep'] }],
  ['one of several values', { detail: { kind: ['issued', 'failed'] } }],
  ['a nested value', { detail: { attempt: { fatal: [false] } } }],
  ['null', { detail: { retry: [null] } }],
  ['a member of a list', { resources: ['arn:two'] }],
  ['a prefix', { 'detail-type': [{ prefix: 'certificate ' }] }],
  ['a suffix', { 'detail-type': [{ suffix: 'failed' }] }],
  ['another case', { detail: { severity: [{ 'equals-ignore-case': 'HIGH' }] } }],
  ['anything but one value', { detail: { kind: [{ 'anything-but': 'issued' }] } }],
  ['anything but several values', { detail: { kind: [{ 'anything-but': ['issued', 'served'] }] } }],
  ['a field that exists', { detail: { severity: [{ exists: true }] } }],
  ['a field that does not exist', { detail: { colour: [{ exists: false }] } }],
  ['a number', { detail: { attempt: { number: [{ numeric: ['=', 3] }] } } }],
  [
    'one of two patterns',
    { detail: { kind: ['failed'], $or: [{ colour: ['red'] }, { severity: ['high'] }] } },
  ],
  ['a range', { detail: { attempt: { number: [{ numeric: ['>', 1, '<=', 3] }] } } }],
])('matches %s', (_, pattern) => {
  expect(matchesEvent(parseEventPattern(JSON.stringify(pattern)), event)).toBe(true);
});

it.each<[string, object]>([
  ['another value', { source: ['other'] }],
  ['a field that is missing', { detail: { colour: ['red'] } }],
  ['anything but the value itself', { detail: { kind: [{ 'anything-but': ['failed'] }] } }],
  ['anything but, for a missing field', { detail: { colour: [{ 'anything-but': 'red' }] } }],
  ['a number given as text', { detail: { attempt: { number: ['3'] } } }],
  ['the end of a range', { detail: { attempt: { number: [{ numeric: ['>', 1, '<', 3] }] } } }],
  ['one of two fields only', { source: ['certkeep'], detail: { kind: ['issued'] } }],
  ['neither of two patterns', { $or: [{ source: ['other'] }, { detail: { kind: ['issued'] } }] }],
  [
    'one of two patterns beside another field',
    { source: ['other'], $or: [{ source: ['certkeep'] }, { detail: { kind: ['issued'] } }] },
  ],
  ['an object where a leaf is wanted', { detail: { attempt: [{ exists: true }] } }],
])('does not match %s', (_, pattern) => {
  expect(matchesEvent(parseEventPattern(JSON.stringify(pattern)), event)).toBe(false);
});

it.each<[string, string]>([
  ['what is not JSON', '{'],
  ['a bare value', '{"source":"certkeep"}'],
  ['an empty list', '{"source":[]}'],
  ['an empty object', '{}'],
  ['an unknown operator', '{"source":[{"like":"x"}]}'],
  ['a range that is none', '{"source":[{"numeric":["~",1]}]}'],
  ['one alternative alone', '{"$or":[{"source":["a"]}]}'],
  ['an alternative that is no pattern', '{"$or":[{"source":["a"]},{"source":"b"}]}'],
  ['an operator it does not have', '{"$and":[{"source":["a"]},{"source":["b"]}]}'],
])('refuses %s', (_, text) => {
  expect(() => parseEventPattern(text)).toThrow(/not valid|not implemented/);
});
