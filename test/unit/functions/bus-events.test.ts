import { expect, test } from 'vitest';
import { busEvent, syncEvent } from '#functions/events.ts';
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

test('alert and sync take the events of a bundle, and one that an earlier version has sent', () => {
  const ofRegion = { ...event, certificate: null };
  expect(busEvent.parse({ detail: { events: [event, ofRegion] } })).toEqual([event, ofRegion]);
  expect(syncEvent.parse({ detail: event })).toEqual([event]);
});

test('sync takes a region from check', () => {
  expect(syncEvent.parse({ region: 'eu-west-1' })).toEqual({ region: 'eu-west-1' });
});

test('fields that a newer release adds are no reason to refuse an event or a region', () => {
  const newer = { ...event, type: 'key-retired', urgency: 1 };
  const envelope = { region: 'us-east-1', 'detail-type': newer.type, detail: { events: [newer] } };
  expect(busEvent.parse(envelope)).toEqual([newer]);
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
