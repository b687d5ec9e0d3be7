import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { CertkeepError } from '#shared/errors.ts';
import type { Ledger } from '#shared/ledger/ledger.ts';
import { flushOutbox, flushOutboxes, withEvent } from '#shared/ledger/outbox/outbox.ts';
import { emptyRecord, type LedgerEvent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';

const at = '2026-11-22T03:00:00.000Z';
const _clock = virtualClock();
let ledger: Ledger;
let errors: string[];
const log = {
  info: () => undefined,
  warn: () => undefined,
  error: (_: string, { reason }: { reason?: string }) => void errors.push(reason ?? ''),
};

beforeEach(() => {
  errors = [];
  ledger = s3Ledger({ objects: fakeObjectStore(), clock: virtualClock(), writer: 'check' });
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

test('the history says what has failed, and which certificate was issued', () => {
  const failed = event('e1', { message: 'the CA does not answer' });
  const issued: LedgerEvent = { ...event('e2', { serial: '04AB', message: null }), type: 'issued' };
  const record = [failed, issued].reduce(withEvent, emptyRecord('shop', new Date(at)));
  expect(record.history.map(({ why }) => why)).toEqual([
    'shop: e1: the CA does not answer',
    'shop: e2, serial 04AB',
  ]);
});

test('an event whose details name no stage of ours belongs to the stage of its type', () => {
  const record = withEvent(emptyRecord('shop', new Date(at)), event('e1', { stage: 'lunch' }));
  expect(record.history[0]?.stage).toBe('check');
});

test('the same id twice is one event', () => {
  const once = withEvent(emptyRecord('shop', new Date(at)), event('e1'));
  expect(withEvent(once, event('e1'))).toBe(once);
});

test('a sent event is acknowledged; an event that came in meanwhile stays', async () => {
  await ledger.update('shop', (record) => withEvent(withEvent(record, event('e1')), event('e2')));
  const sent: string[] = [];
  const bus = {
    async publish(events: readonly LedgerEvent[]) {
      sent.push(...events.map(({ id }) => id));
      await ledger.update('shop', (record) => withEvent(record, event('e3')));
    },
  };
  expect(await flushOutbox({ ledger, bus, log }, 'shop')).toBe(2);
  expect(sent).toEqual(['e1', 'e2']);
  expect((await ledger.read('shop'))?.outbox.map(({ id }) => id)).toEqual(['e3']);
});

test('a refused publication is logged, fails nothing else, and leaves the outbox as it was', async () => {
  await ledger.update('shop', (record) => withEvent(record, event('e1')));
  const bus = { publish: () => Promise.reject(new Error('down')) };
  expect(await flushOutbox({ ledger, bus, log }, 'shop')).toBe(0);
  expect(errors).toEqual(['down']);
  expect((await ledger.read('shop'))?.outbox).toHaveLength(1);
});

test('a record that cannot be read or acknowledged is logged, and told another time', async () => {
  await ledger.update('shop', (record) => withEvent(record, event('e1')));
  const bus = { publish: async () => {} };
  const broken = { read: ledger.read, update: () => Promise.reject(new Error('no ledger')) };
  expect(await flushOutbox({ ledger: broken, bus, log }, 'shop')).toBe(0);
  const unreadable = { ...broken, read: () => Promise.reject(new Error('not JSON')) };
  expect(await flushOutbox({ ledger: unreadable, bus, log }, 'shop')).toBe(0);
  expect(errors).toEqual(['1 outboxes could not be acknowledged', 'not JSON']);
  expect((await ledger.read('shop'))?.outbox).toHaveLength(1);
});

async function records(count: number, eventsEach = 1) {
  const ids = Array.from({ length: count }, (_, n) => `c${n}`);
  const own = (id: string) => Array.from({ length: eventsEach }, (_, n) => event(`${id}-${n}`));
  return Promise.all(
    ids.map((id) => ledger.update(id, (record) => own(id).reduce(withEvent, record))),
  );
}

async function left(): Promise<readonly string[]> {
  const all = await Promise.all([...(await ledger.list()).keys()].map((id) => ledger.read(id)));
  return all.flatMap((record) => record?.outbox.map(({ id }) => id) ?? []);
}

test('the events of a round of check leave together, and each record is acknowledged by itself', async () => {
  const round = await records(50, 2);
  const calls: number[] = [];
  const bus = { publish: async (events: readonly LedgerEvent[]) => void calls.push(events.length) };
  expect(await flushOutboxes({ ledger, bus, log }, round)).toEqual({
    sent: 100,
    failures: [],
  });
  expect(calls).toEqual([100]);
  expect(await left()).toEqual([]);
});

test('a record that cannot be acknowledged keeps no other from it, and its events are sent again', async () => {
  const round = await records(3);
  const sent: string[] = [];
  const bus = {
    publish: async (events: readonly LedgerEvent[]) =>
      void sent.push(...events.map(({ id }) => id)),
  };
  const partly: Pick<Ledger, 'update'> = {
    update: (id, change) =>
      id === 'c1' ? Promise.reject(new Error('no ledger')) : ledger.update(id, change),
  };
  const { failures } = await flushOutboxes({ ledger: partly, bus, log }, round);
  expect(failures).toHaveLength(1);
  expect(await left()).toEqual(['c1-0']);
  await flushOutbox({ ledger, bus, log }, 'c1');
  expect(sent).toEqual(['c0-0', 'c1-0', 'c2-0', 'c1-0']);
});

test('a bus that refuses some events takes the others; one that does not answer is not asked again', async () => {
  const round = await records(30, 100);
  let calls = 0;
  const failing = (error: Error) => ({
    publish: async () => {
      calls += 1;
      if (calls === 1) throw error;
    },
  });
  const refused = failing(new CertkeepError('EventsNotPublished', 'throttled'));
  expect(await flushOutboxes({ ledger, bus: refused, log }, round)).toMatchObject({
    sent: 2_000,
  });
  expect(await left()).toHaveLength(1_000);
  calls = 0;
  const silent = failing(new Error('timeout'));
  expect(await flushOutboxes({ ledger, bus: silent, log }, round)).toMatchObject({
    sent: 0,
  });
  expect(calls).toBe(1);
});

test('two that send at once acknowledge both without harm', async () => {
  await ledger.update('shop', (record) => withEvent(record, event('e1')));
  const bus = { publish: async () => {} };
  await Promise.all([1, 2].map(() => flushOutbox({ ledger, bus, log }, 'shop')));
  expect((await ledger.read('shop'))?.outbox).toEqual([]);
});

test('nothing to tell, or no record, sends nothing', async () => {
  const bus = { publish: () => Promise.reject(new Error('not called')) };
  expect(await flushOutbox({ ledger, bus, log }, 'shop')).toBe(0);
  expect(errors).toEqual([]);
});
