import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox, withEvent } from '#shared/ledger/outbox.ts';
import { emptyRecord, type LedgerEvent } from '#shared/ledger/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import type { LogFields } from '#shared/log.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { silentLog } from '#test/support/silent-log.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const at = '2026-11-22T03:00:00.000Z';
let ledger: Ledger;

beforeEach(() => {
  ledger = s3Ledger({ objects: fakeObjectStore(), clock: virtualClock() });
});

function event(id: string, details: LedgerEvent['details'] = {}): LedgerEvent {
  const summary = `shop: ${id}`;
  return { id, type: 'failed', at, certificate: 'shop', severity: 'warning', summary, details };
}

test('an event is written down together with a line of history', () => {
  const record = withEvent(emptyRecord('shop', new Date(at)), event('e1', { stage: 'import' }));
  expect(record.outbox).toEqual([event('e1', { stage: 'import' })]);
  expect(record.history).toEqual([{ at, stage: 'import', what: 'failed', why: 'shop: e1' }]);
});

test('an event whose details name no stage of ours belongs to the stage of its type', () => {
  const record = withEvent(emptyRecord('shop', new Date(at)), event('e1', { stage: 'lunch' }));
  expect(record.history[0]?.stage).toBe('check');
});

test('the same id twice is one event', () => {
  const once = withEvent(emptyRecord('shop', new Date(at)), event('e1'));
  expect(withEvent(once, event('e1'))).toBe(once);
});

test('what is sent is acknowledged; what came in meanwhile stays', async () => {
  await ledger.update('shop', (record) => withEvent(withEvent(record, event('e1')), event('e2')));
  const sent: string[] = [];
  const bus = {
    async publish(events: readonly LedgerEvent[]) {
      sent.push(...events.map(({ id }) => id));
      await ledger.update('shop', (record) => withEvent(record, event('e3')));
    },
  };
  expect(await flushOutbox({ ledger, bus, log: silentLog }, 'shop')).toBe(2);
  expect(sent).toEqual(['e1', 'e2']);
  expect((await ledger.read('shop'))?.outbox.map(({ id }) => id)).toEqual(['e3']);
});

test.each(['EventsNotPublished', 'ServiceThrottled', 'ServiceDenied', 'ServiceFailed'] as const)(
  'a bus that answers with %s leaves the outbox as it was and fails nothing',
  async (name) => {
    await ledger.update('shop', (record) => withEvent(record, event('e1')));
    const bus = { publish: () => Promise.reject(new CertkeepError(name, 'no')) };
    const warned: unknown[] = [];
    const log = { ...silentLog, warn: (_: string, fields: LogFields) => void warned.push(fields) };
    expect(await flushOutbox({ ledger, bus, log }, 'shop')).toBe(0);
    expect((await ledger.read('shop'))?.outbox).toHaveLength(1);
    expect(warned).toMatchObject([{ certificate: 'shop', outcome: name, reason: 'no' }]);
  },
);

test('an error that is none of the bus is thrown', async () => {
  await ledger.update('shop', (record) => withEvent(record, event('e1')));
  const bus = { publish: () => Promise.reject(new TypeError('a fault of ours')) };
  await expect(flushOutbox({ ledger, bus, log: silentLog }, 'shop')).rejects.toThrow('of ours');
  expect((await ledger.read('shop'))?.outbox).toHaveLength(1);
});

test('two that send at once acknowledge both without harm', async () => {
  await ledger.update('shop', (record) => withEvent(record, event('e1')));
  const bus = { publish: async () => {} };
  await Promise.all([1, 2].map(() => flushOutbox({ ledger, bus, log: silentLog }, 'shop')));
  expect((await ledger.read('shop'))?.outbox).toEqual([]);
});

test('nothing to tell, or no record, sends nothing', async () => {
  const bus = { publish: () => Promise.reject(new Error('not called')) };
  expect(await flushOutbox({ ledger, bus, log: silentLog }, 'shop')).toBe(0);
});
