import { expect, test } from 'vitest';
import { messageOf } from '#shared/finish/alert/message.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, inDays, now, versionOf } from '#test/support/healthy.ts';

function event(id: string, details: LedgerEvent['details'] = {}): LedgerEvent {
  const about = { at: now.toISOString(), certificate: 'shop', severity: 'info' } as const;
  return { id, type: 'failed', ...about, summary: 'shop failed', details };
}

test.each(['toString', '__proto__', 'constructor', 'hasOwnProperty', 'valueOf', ''])(
  'a detail may be called %j',
  (name) => {
    const details = JSON.parse(`{${JSON.stringify(name)}: "here"}`);
    expect(messageOf(event('e1', details)).text).toMatch(/ here$/m);
  },
);

const poisons: Readonly<Record<string, unknown>> = {
  'is no event': 7,
  'has no id': { ...event('e2'), id: '' },
  'has an id that is no key': event('e'.repeat(2_000)),
  'has a type that no bus takes': { ...event('e2'), type: 't'.repeat(200) },
  'has more than a bus takes': event('e2', { message: 'x'.repeat(200_000) }),
  'has a detail that is an object': { ...event('e2'), details: { toString: {} } },
};

test.each(Object.entries(poisons))(
  'an entry of the outbox that %s keeps nothing else from being told or done',
  async (_, poison) => {
    const table = desk();
    const due = versionOf({ notAfter: inDays(5).toISOString() });
    const record = healthy({ versions: [due], outbox: [event('e1')] });
    const body = JSON.stringify({ ...record, outbox: [poison, ...record.outbox, poison] });
    await table.objects.put('certificates/shop/record.json', body, 'application/json');
    await table.run();
    expect(table.published.map(({ id }) => id)).toContain('e1');
    expect(table.sent.map(({ kind }) => kind)).toContain('issue');
    await table.run({}, 'run-2');
    expect(table.published.filter(({ id }) => id === 'e1')).toHaveLength(1);
  },
);
