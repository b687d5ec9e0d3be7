import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { describe, expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { withEvent } from '#shared/ledger/outbox/outbox.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord, LedgerEvent } from '#shared/ledger/record/record.ts';
import { readRecord } from '#shared/ledger/record/record-object.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { sharedObject } from '#shared/ledger/shared-object.ts';
import { mostBytes } from '#shared/object-store.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy } from '#test/support/healthy.ts';
import { place, recordOfEveryField, target } from '#test/support/record-of-every-field.ts';

const key = 'certificates/shop/record.json';
const many = (count: number, item: unknown) => Array.from({ length: count }, () => item);

/** The message of a record that cannot be read. */
function problemOf(change: object | string): string {
  const body = typeof change === 'string' ? change : JSON.stringify({ ...healthy(), ...change });
  try {
    readRecord('shop', body);
  } catch (error) {
    expect(error).toMatchObject({ name: 'LedgerUnreadable' });
    return (error as Error).message;
  }
  throw new Error('it was read');
}

describe('a record that anybody may have written', () => {
  test.each<[string, object, string]>([
    ['history', { history: many(1_001, {}) }, 'history: 1001 entries, more than 1000'],
    ['versions', { versions: many(1_001, {}) }, 'versions: 1001 entries'],
    ['writes', { writeIds: many(1_001, 'w') }, 'writeIds: 1001 entries'],
    ['events', { outbox: many(10_001, {}) }, 'outbox: 10001 entries'],
    ['TXT values', { txt: many(10_001, {}) }, 'txt: 10001 entries'],
    ['what no release knows', { more: many(10_001, 1) }, 'more: 10001 entries'],
    [
      'targets',
      { deployments: Object.fromEntries(many(10_001, 0).map((_, n) => [n, {}])) },
      'deployments: 10001 entries',
    ],
    [
      'details',
      { outbox: [{ details: Object.fromEntries(many(201, 0).map((_, n) => [n, 1])) }] },
      'outbox.0.details: 201 entries',
    ],
    ['one text', { desired: 'x'.repeat(300_000) }, 'desired: 300000 characters'],
    ['one name', { leases: { ['x'.repeat(300_000)]: {} } }, 'leases: a name of 300000 characters'],
  ])('is refused by its form where it holds too much: %s', (_, change, where) => {
    expect(problemOf(change)).toContain(`${key}: ${where}`);
  });

  test('is refused before it is parsed where it holds a million values', () => {
    const body = `{"id":"shop","writeIds":[${many(1_000_000, '[]').join(',')}]}`;
    expect(problemOf(body)).toBe(`${key}: holds more than 200000 values`);
  });

  test('is refused where it is nested without end', () => {
    const deep = `${'{"a":['.repeat(1_000)}1${']}'.repeat(1_000)}`;
    expect(problemOf(JSON.stringify({ ...healthy(), more: JSON.parse(deep) }))).toContain('levels');
  });

  test('names ten of its mistakes, in a message that a person reads', () => {
    const message = problemOf({ history: many(900, 0), outbox: many(9_000, 0) });
    expect(message.split('; ')).toHaveLength(11);
    expect(message).toMatch(/and \d+ more$/);
    expect(message.length).toBeLessThan(4_000);
    const named = problemOf({ leases: { ['x'.repeat(200_000)]: 1 } });
    expect(named.length).toBeLessThan(1_000);
    const other = problemOf({ id: 'x'.repeat(200_000) });
    expect(other.length).toBeLessThan(1_000);
  });
});

function world() {
  const clock = virtualClock();
  const objects = fakeObjectStore();
  const lines: string[] = [];
  const warn = (message: string, fields: { reason?: string }) =>
    lines.push(`${message}: ${fields.reason}`);
  const log = { info: () => undefined, warn, error: () => undefined };
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, log, writer });
  const whole = wholeLedger({ objects, clock, log });
  return { clock, objects, lines, ledgerOf, whole };
}

function event(n: number, details: LedgerEvent['details'] = {}): LedgerEvent {
  const at = '2026-11-22T03:00:00.000Z';
  const about = { at, certificate: 'shop', severity: 'info', summary: `event ${n}` } as const;
  return { id: `e${n}`, type: 'issued', ...about, details };
}

const long = 'ü'.repeat(300_000);

describe('everything that certkeep writes is within the limits of what it reads', () => {
  /** Each place where words of others, or a list without an end of its own, come into the record. */
  const growths: Readonly<Record<string, (record: CertificateRecord) => CertificateRecord>> = {
    events: (record) =>
      many(2_000, 0).reduce<CertificateRecord>((all, _, n) => withEvent(all, event(n)), record),
    'the words of an event': (record) =>
      withEvent(record, { ...event(1, { message: long, names: long }), summary: long }),
    'the words of a person': (record) => ({
      ...record,
      forced: { at: record.updatedAt, reason: long },
    }),
    'the words of an error': (record) => ({
      ...record,
      acquireFailure: record.acquireFailure && { ...record.acquireFailure, message: long },
    }),
    'the words of a look': (record) => {
      const deployment = record.deployments[target];
      if (!deployment?.probe || !deployment.drift) throw new Error('it has no such deployment');
      const { probe, drift } = deployment;
      return {
        ...record,
        deployments: {
          [target]: {
            ...deployment,
            probe: { ...probe, detail: long },
            drift: { ...drift, holds: long },
          },
        },
      };
    },
    'the words of a reason': (record) => ({
      ...record,
      attempt: record.attempt && { ...record.attempt, reason: long },
      history: [{ at: record.updatedAt, stage: 'check', what: long, why: long }],
    }),
  };

  const writerOf: Readonly<Record<string, Writer>> = {
    'the words of a person': 'check',
    'the words of a look': 'verify',
  };

  test.each(Object.entries(growths))('%s', async (name, grow) => {
    const { ledgerOf, lines, whole } = world();
    const writer = writerOf[name] ?? 'issue';
    await whole.update('shop', () => recordOfEveryField());
    await ledgerOf(writer).update('shop', grow);
    expect(await whole.read('shop')).not.toBeNull();
    expect(lines.length).toBe(1);
    expect(lines[0]).toMatch(/^the record was cut: /);
  });

  test('the newest events stay', async () => {
    const { ledgerOf, lines } = world();
    const ledger = ledgerOf('issue');
    await ledger.update('shop', (record) => growths.events?.(record) ?? record);
    const { outbox = [] } = (await ledger.read('shop')) ?? {};
    expect(outbox).toHaveLength(500);
    expect(outbox.at(-1)?.id).toBe('e1999');
    expect(lines).toEqual(['the record was cut: outbox (1500 left out)']);
  });

  test('a thousand failing targets and a thousand names in every event are written', async () => {
    const { ledgerOf, objects } = world();
    const ledger = ledgerOf('deploy');
    const record = recordOfEveryField();
    const { [target]: deployment } = record.deployments;
    const failure = { ...deployment?.failure, message: 'x'.repeat(1_000) };
    const listed = many(25, `arn:aws:acm:us-east-1:123456789012:certificate/${'0'.repeat(36)}`);
    const each = {
      ...deployment,
      failure,
      previous: { ...deployment?.previous, listed },
    } as NonNullable<typeof deployment>;
    const names = many(1_000, 'a-name-of-a-certificate.example.com').join(', ');
    await ledger.update('shop', (before) => ({
      ...before,
      deployments: Object.fromEntries(many(1_000, 0).map((_, n) => [`${target}${n}`, each])),
      imports: { [place]: record.imports[place] as NonNullable<(typeof record.imports)[string]> },
      outbox: many(500, 0).map((_, n) => ({ ...event(n, { names }), type: 'failed' })),
    }));
    const bytes = Buffer.byteLength(objects.objects.get('records/deploy/shop.json') ?? '');
    expect(bytes).toBeGreaterThan(mostBytes.record / 4);
    expect(bytes).toBeLessThan(mostBytes.record);
    expect(Object.keys((await ledger.read('shop'))?.deployments ?? {})).toHaveLength(1_000);
  });

  test('a write of one event cuts nothing', async () => {
    const { ledgerOf, lines } = world();
    const { outbox } = await ledgerOf('issue').update('shop', (record) =>
      withEvent(record, event(1)),
    );
    expect(outbox).toHaveLength(1);
    expect(lines).toEqual([]);
  });

  test('a record that is not too long is written as it is', async () => {
    const { lines, whole } = world();
    // Nobody has sent anything, and nobody has to try again.
    const record = { ...recordOfEveryField(), sentEvents: [], retried: null };
    const written = await whole.update('shop', () => record);
    const { updatedAt: _at, ...rest } = written;
    const { updatedAt: _then, ...expected } = record;
    expect(rest).toEqual(expected);
    expect(lines).toEqual([]);
  });
});

describe('a shared object that is too much', () => {
  const form = {
    key: 'dispatch/sent.json',
    parse: (json: unknown) => (json as { count: number } | null) ?? null,
    toJson: (content: object) => content,
    empty: { count: 0 },
  };

  test.each([
    ['in bytes', `{"count":1,"more":"${'x'.repeat(17 << 20)}"}`],
    ['in values', `{"count":1,"more":[${many(1_200_000, 0).join(',')}]}`],
    ['in one list', `{"count":1,"more":[${many(250_000, 0).join(',')}]}`],
  ])('%s counts as lost, and is written anew', async (_, body) => {
    const { objects } = world();
    await objects.put(form.key, body, 'application/json');
    const object = sharedObject<{ count: number }>(objects, form);
    expect(await object.read()).toEqual({ count: 0 });
    await object.update(({ count }) => ({ count: count + 1 }));
    expect(objects.objects.get(form.key)).toBe('{"count":1}');
  });
});
