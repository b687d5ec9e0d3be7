import { beforeAll, expect, test } from 'vitest';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { workKey } from '#shared/queues/work.ts';
import { minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { isFull } from '#test/support/full.ts';
import { healthy, inDays, now, silent, versionOf, wanted } from '#test/support/healthy.ts';

const size = isFull ? 10_000 : 400;
const limitMs = isFull ? 600_000 : 30_000;

/** Of each hundred: what the record is, or holds. */
const kindOf = (index: number) => {
  const place = index % 100;
  if (place === 7) return 'unreadable';
  if (place === 33) return 'of the future';
  if (place < 10) return 'due';
  if (place < 20) return 'untold';
  if (place < 30) return 'left the configuration';
  return 'healthy';
};

const ids = Array.from({ length: size }, (_, index) => `c${index}`);
const of = (kind: ReturnType<typeof kindOf>) => ids.filter((_, index) => kindOf(index) === kind);
const configured = ids.filter((_, index) => kindOf(index) !== 'left the configuration');

function event(certificate: string): LedgerEvent {
  const summary = `${certificate} is served`;
  const at = now.toISOString();
  const about = { at, certificate, severity: 'info', summary, details: {} } as const;
  return { id: `${certificate}-served`, type: 'served', ...about };
}

function bodyOf(id: string, index: number): string {
  const record = (change: Partial<CertificateRecord>) => JSON.stringify(healthy({ id, ...change }));
  switch (kindOf(index)) {
    case 'unreadable':
      return record({ versions: [] }).slice(0, 200);
    case 'of the future':
      return JSON.stringify({ ...healthy({ id }), schemaVersion: 2 });
    case 'due':
      return record({ versions: [versionOf({ notAfter: inDays(5).toISOString() })] });
    case 'untold':
      return record({ outbox: [event(id)] });
    case 'left the configuration': {
      const txt = [{ attemptId: 'a1', solver: 's', zoneId: 'z', name: 'n', value: 'v' }];
      return record({ txt });
    }
    case 'healthy':
      return record({});
  }
}

const bodies = new Map(
  ids.map((id, index) => [`certificates/${id}/record.json`, bodyOf(id, index)]),
);
const many = { issue: 1e9, deploy: 1e9, verify: 1e9 };
const enough = { seconds: many, atOnce: { issue: 1, deploy: 1, verify: 1 }, executions: many };
const table = desk(
  { certificates: configured.map((id) => wanted({ id })), alerts: silent },
  enough,
);
const unread = [...of('unreadable'), ...of('of the future')];
/** What check has sent for them before they became unreadable. */
const before = unread.map((certificate) => workKey({ kind: 'issue', certificate }));

beforeAll(async () => {
  for (const [key, body] of bodies) await table.objects.put(key, body, 'application/json');
  const entry = {
    at: now.toISOString(),
    urgency: 'routine',
    seconds: 5,
    isStarted: false,
  } as const;
  await table.sentBook.update((book) => ({
    ...book,
    sent: Object.fromEntries(before.map((key) => [key, entry])),
  }));
}, limitMs);

test(
  'with one record in a hundred unreadable and one of the future, check does everything else, once',
  async () => {
    let failure: unknown;
    // Lambda repeats a run that fails twice.
    for (let tries = 0; tries < 3; tries += 1) {
      failure = await table.run().catch((error: unknown) => error);
    }
    const asked = [...table.sent, ...table.started].map(workKey).toSorted();
    const expected = [...of('due'), ...of('left the configuration')];
    expect(asked).toEqual(expected.map((id) => `issue:${id}`).toSorted());
    const told = table.published.map(({ id }) => id).toSorted();
    expect(told).toEqual(
      of('untold')
        .map((id) => `${id}-served`)
        .toSorted(),
    );
    expect(failure).toBeInstanceOf(AggregateError);
    const { errors, message } = failure as AggregateError;
    expect(errors.map(({ name }) => name).toSorted()).toEqual([
      ...of('unreadable').map(() => 'LedgerUnreadable'),
      ...of('of the future').map(() => 'WrittenByNewerRelease'),
    ]);
    expect(message.length).toBeLessThan(2_000);
    for (const id of unread) {
      const key = `certificates/${id}/record.json`;
      expect(Buffer.from((await table.objects.get(key))?.body ?? '').toString()).toBe(
        bodies.get(key),
      );
    }
  },
  limitMs,
);

test(
  'finished work is forgotten all the same, so that it takes no room from later work',
  async () => {
    const done = [...of('due'), ...of('left the configuration')];
    for (const id of done) {
      await table.objects.put(
        `certificates/${id}/record.json`,
        JSON.stringify(healthy({ id })),
        'application/json',
      );
    }
    table.clock.advance(10 * minuteMs);
    await table.run().catch(() => undefined);
    expect(Object.keys((await table.sentBook.read()).sent).toSorted()).toEqual(before.toSorted());
  },
  limitMs,
);
