import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { s3SentBook } from '#shared/check/dispatch/sent-book.ts';
import { addMs, minuteMs, secondMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, versionOf, wanted } from '#test/support/healthy.ts';

const certificates = ['a', 'b', 'c'].map((id) => wanted({ id }));

test('a third force starts its function though two forces of before, which are done, are in the book', async () => {
  const { clock, objects, run, sent, started } = desk({ certificates });
  const whole = wholeLedger({ objects, clock });
  for (const id of ['a', 'b', 'c']) await whole.update(id, () => healthy({ id }));
  for (const [at, id] of ['a', 'b', 'c'].entries()) {
    await run({ certificates: [id], force: true, reason: 'the key leaked' }, `run-${at}`);
    // Its run takes a minute.
    clock.advance(minuteMs);
    await whole.update(id, (record) => ({
      ...record,
      desired: 'v2',
      forced: null,
      versions: [...record.versions, versionOf({ id: 'v2', issuedAt: clock.now().toISOString() })],
      leases: { acquire: { fence: 'released', holder: 'h', until: clock.now().toISOString() } },
    }));
    clock.advance(minuteMs);
  }
  expect(started).toEqual(['a', 'b', 'c'].map((certificate) => ({ kind: 'issue', certificate })));
  expect(sent).toEqual([]);
});

test('a force is not put off to the next check because a run is looking at the certificate', async () => {
  const { clock, holds, run, sent, started } = desk();
  const until = addMs(clock.now(), 150 * secondMs).toISOString();
  await holds(healthy({ leases: { acquire: { fence: 'f', holder: 'h', until } } }));
  await run({ certificates: ['shop'], force: true, reason: 'the key leaked' });
  expect([...sent, ...started]).toEqual([{ kind: 'issue', certificate: 'shop' }]);
});

test('a retry that a person asks for is sent though a message of a while ago was lost', async () => {
  const { clock, holds, run, sent } = desk();
  await holds(healthy({ desired: null, versions: [] }));
  await run();
  expect(sent).toHaveLength(1);
  // It lies among the dead letters, or was purged as the runbook says.
  clock.advance(20 * minuteMs);
  await run({ certificates: ['shop'], retry: true, reason: 'mended' });
  expect(sent).toHaveLength(2);
});

test('a record that cannot be read for once does not make check forget what it has sent', async () => {
  const { clock, holds, objects, run, sent, sentBook } = desk();
  await holds(healthy({ desired: null, versions: [] }));
  await run();
  expect(sent).toHaveLength(1);
  await objects.put('certificates/shop/record.json', '{}', 'application/json');
  clock.advance(10 * minuteMs);
  await expect(run()).rejects.toThrow();
  expect(Object.keys((await sentBook.read()).sent)).toEqual(['issue:shop']);
});

test('a region that left and came back is told of anew', async () => {
  const at = desk({ replicas: [] });
  await s3SentBook(at.objects).update((book) => ({
    ...book,
    regions: {
      'eu-west-1': {
        since: '2020-01-01T00:00:00.000Z',
        startedAt: '2020-01-01T00:00:00.000Z',
        certificates: 1,
        newest: '',
        reason: null,
        runs: 3,
        told: '2020-01-01T00:00:00.000Z',
      },
    },
  }));
  await at.holds(healthy());
  await at.run();
  expect((await at.sentBook.read()).regions).toEqual({});
});
