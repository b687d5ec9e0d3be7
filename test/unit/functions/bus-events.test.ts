import { expect, test } from 'vitest';
import { hintEvent, syncEvent } from '#functions/events.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';

const event: LedgerEvent = {
  id: 'e1',
  type: 'issued',
  at: '2026-11-22T03:00:00.000Z',
  certificate: 'shop',
  severity: 'info',
  summary: 'shop was issued',
  details: {},
};

test('sync takes the events of a bundle, and one that an earlier version has sent', () => {
  const ofRegion = { ...event, certificate: null };
  expect(syncEvent.parse({ detail: { events: [event, ofRegion] } })).toEqual([event, ofRegion]);
  expect(syncEvent.parse({ detail: event })).toEqual([event]);
});

test.each([{}, null, { detail: { events: [event] } }, 'shop'])(
  'alert is begun by whatever comes, which is only a hint to look: %j',
  (input) => {
    expect(hintEvent.safeParse(input).success).toBe(true);
  },
);

test('sync takes a region from check', () => {
  expect(syncEvent.parse({ region: 'eu-west-1' })).toEqual({ region: 'eu-west-1' });
});

test('fields that a newer release adds are no reason to refuse an event or a region', () => {
  const newer = { ...event, type: 'key-retired', urgency: 1 };
  const envelope = { region: 'us-east-1', 'detail-type': newer.type, detail: { events: [newer] } };
  // The envelope of a bus names its own region.
  expect(syncEvent.parse(envelope)).toEqual([newer]);
  const region = { region: 'eu-west-1', isUrgent: true };
  expect(syncEvent.parse(region)).toMatchObject({ region: 'eu-west-1' });
});

test.each([
  {},
  { detail: {} },
  { detail: { events: [{}] } },
  { region: 1 },
  { region: 'x', detail: 1 },
])('anything else is refused: %j', (input) => {
  expect(syncEvent.safeParse(input).success).toBe(false);
});
