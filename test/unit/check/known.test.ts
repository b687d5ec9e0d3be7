import { randomOf } from 'local-cloud/kit/determinism.ts';
import { describe, expect, test } from 'vitest';
import { capacityOf } from '#shared/check/dispatch/capacity.ts';
import { waitsForTurn } from '#shared/check/dispatch/decide-dispatch.ts';
import {
  isQuiet,
  isWaiting,
  longestQuietMs,
  quietUntil,
  type Situation,
  waitingUntil,
} from '#shared/check/known/quiet.ts';
import { nothingSeen, s3Observations } from '#shared/check/observations/observations.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { type Message, workKey } from '#shared/queues/work.ts';
import { readStatus, writeStatus } from '#shared/status/status-object.ts';
import { addMs, dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { isFull } from '#test/support/full.ts';
import { configWith, healthy, inDays, now, versionOf, wanted } from '#test/support/healthy.ts';
import { mutatedRecord } from '#test/support/mutated-record.ts';

const config = configWith();
const secret = { versionId: 'v1', at: now.toISOString(), state: 'there' } as const;
const well: Situation = {
  config,
  certificate: wanted(),
  record: healthy(),
  secret: { ...secret },
  recalls: {},
};

describe('the time until which a record need not be read', () => {
  test('is six hours at most, and three at least, where nothing is due', () => {
    const until = quietUntil(well, now) as Date;
    expect(until.getTime()).toBeGreaterThanOrEqual(addMs(now, longestQuietMs / 2).getTime());
    expect(until.getTime()).toBeLessThanOrEqual(addMs(now, longestQuietMs).getTime());
  });

  test('ends before the renewal is due', () => {
    const record = healthy({
      versions: [
        versionOf({
          notBefore: addMs(now, -60 * dayMs + hourMs).toISOString(),
          notAfter: addMs(now, 30 * dayMs + hourMs).toISOString(),
        }),
      ],
    });
    const until = quietUntil({ ...well, record }, now) as Date;
    expect(until.getTime()).toBeLessThan(addMs(now, hourMs).getTime());
  });

  test.each<[string, Partial<Situation>]>([
    [
      'that has expired',
      { record: healthy({ versions: [versionOf({ notAfter: inDays(-1).toISOString() })] }) },
    ],
    ['without a version', { record: healthy({ desired: null, versions: [] }) }],
    ['with something to tell', { record: healthy({ outbox: [{} as never] }) }],
    ['whose secret was not seen', { secret: null }],
    ['whose secret is gone', { secret: { ...secret, state: 'missing' } }],
    [
      'on which a run is at work',
      {
        record: healthy({
          leases: {
            acquire: { fence: 'f', holder: 'run', until: addMs(now, minuteMs).toISOString() },
          },
        }),
      },
    ],
  ])('is none for one %s', (_, change) => {
    expect(quietUntil({ ...well, ...change }, now)).toBeNull();
  });

  test('is a time until which nothing becomes due, whatever the record holds', () => {
    const random = randomOf(20_261_201);
    let quiet = 0;
    for (let turn = 0; turn < (isFull ? 20_000 : 3_000); turn += 1) {
      const at = addMs(now, Math.floor(random() * 70 * dayMs));
      const { changes, record } = mutatedRecord(well.record, { random, wishes: {}, turn });
      const situation = { ...well, record };
      const until = quietUntil(situation, at);
      if (!until) continue;
      quiet += 1;
      for (let step = 0; step <= 6; step += 1) {
        const ms = ((until.getTime() - at.getTime()) * step) / 6;
        expect(isQuiet(situation, addMs(at, ms)), `${turn}: ${changes.join('; ')}`).toBe(true);
      }
    }
    expect(quiet).toBeGreaterThan(100);
  });
});

describe('the time until which one that is due may wait unread', () => {
  const dueFrom = { notBefore: inDays(-65).toISOString(), notAfter: inDays(25).toISOString() };
  const due = healthy({ versions: [versionOf(dueFrom)] });

  test('is none where clients will soon be hurt', () => {
    expect(waitingUntil({ ...well, record: due }, now)).not.toBeNull();
    const ending = { ...dueFrom, notAfter: inDays(2).toISOString() };
    const soon = healthy({ versions: [versionOf(ending)] });
    expect(waitingUntil({ ...well, record: soon }, now)).toBeNull();
    expect(waitingUntil(well, now)).toBeNull();
  });

  test('is none where a person has forced it', () => {
    const record = { ...due, forced: { at: now.toISOString(), reason: 'the key leaked' } };
    expect(waitingUntil({ ...well, record }, now)).toBeNull();
  });

  test('is a time until which nothing else becomes due, whatever the record holds', () => {
    const random = randomOf(20_261_202);
    let waiting = 0;
    for (let turn = 0; turn < (isFull ? 20_000 : 3_000); turn += 1) {
      const at = addMs(now, Math.floor(random() * 25 * dayMs));
      const { changes, record } = mutatedRecord(due, { random, wishes: {}, turn });
      const situation = { ...well, record };
      const until = waitingUntil(situation, at);
      if (!until) continue;
      waiting += 1;
      for (let step = 0; step <= 6; step += 1) {
        const ms = ((until.getTime() - at.getTime()) * step) / 6;
        expect(isWaiting(situation, addMs(at, ms)), `${turn}: ${changes.join('; ')}`).toBe(true);
      }
    }
    expect(waiting).toBeGreaterThan(100);
  });
});

const ids = ['steady', 'other', 'due', 'untold', 'revoked'];
const records: Readonly<Record<string, Partial<CertificateRecord>>> = {
  due: { versions: [versionOf({ notAfter: inDays(5).toISOString() })] },
  revoked: { versions: [{ ...versionOf(), revokedAt: inDays(-1).toISOString() }] },
};

/** A fleet of which some is due, after its first check. */
async function checked() {
  const at = desk({ certificates: ids.map((id) => wanted({ id })) });
  for (const id of ids) await at.whole.update(id, () => ({ ...healthy(records[id]), id }));
  await at.run();
  at.sent.length = 0;
  at.started.length = 0;
  return at;
}

/** The records that a check reads. */
async function readBy(at: Awaited<ReturnType<typeof checked>>): Promise<readonly string[]> {
  const { get } = at.objects;
  const read = new Set<string>();
  at.objects.get = (key, most) => {
    const [, id] = /^records\/\w+\/(\w+)\.json$/.exec(key) ?? [];
    if (id) read.add(id);
    return get(key, most);
  };
  await at.run();
  at.objects.get = get;
  return [...read].sort();
}

describe('a check', () => {
  test('reads what is due or has changed, and writes the state of all', async () => {
    const at = await checked();
    at.clock.advance(10 * minuteMs);
    expect(await readBy(at)).toEqual(['due', 'revoked']);
    const { status } = await readStatus(at.objects);
    expect(status?.certificates.map(({ id }) => id).sort()).toEqual([...ids].sort());
    await at.whole.update('other', (record) => ({ ...record, history: [] }));
    await at.whole.update('other', (record) => ({
      ...record,
      expiryTold: { versionId: 'v0', days: 3 },
    }));
    at.clock.advance(10 * minuteMs);
    expect(await readBy(at)).toEqual(['due', 'other', 'revoked']);
    at.clock.advance(10 * minuteMs);
    expect(await readBy(at)).toEqual(['due', 'revoked']);
  });

  test('reads each record at least every six hours', async () => {
    const at = await checked();
    const seen = new Set<string>();
    for (let ms = 0; ms < longestQuietMs; ms += 30 * minuteMs) {
      at.clock.advance(30 * minuteMs);
      for (const id of await readBy(at)) seen.add(id);
    }
    expect([...seen].sort()).toEqual([...ids].sort());
  });

  test.each<[string, (at: Awaited<ReturnType<typeof checked>>) => Promise<unknown>]>([
    ['what it knows is lost', (at) => at.objects.remove('observations/check.json')],
    ['the state of the fleet is lost', (at) => at.objects.remove('status/status.json')],
    ['the records cannot be listed', async (at) => Object.assign(at.fails, { listing: true })],
  ])('reads all where %s', async (_, lose) => {
    const at = await checked();
    await lose(at);
    const { get } = at.objects;
    const read = new Set<string>();
    at.objects.get = (key, most) => {
      const [, id] = /^records\/issue\/(\w+)\.json$/.exec(key) ?? [];
      if (id) read.add(id);
      return get(key, most);
    };
    await at.run().catch(() => undefined);
    expect([...read].sort()).toEqual([...ids].sort());
  });

  test('reads a record of which it knows for longer than six hours', async () => {
    const at = await checked();
    await s3Observations(at.objects).update((seen) => {
      const later = Object.entries(seen.known.records).map(([id, text]) => [
        id,
        text.replace(/ .*/, ` ${inDays(30).toISOString()}`),
      ]);
      return { ...seen, known: { ...seen.known, records: Object.fromEntries(later) } };
    });
    at.clock.advance(10 * minuteMs);
    expect(await readBy(at)).toEqual([...ids].sort());
  });

  test('reads a record again that its certificate contradicts', async () => {
    const at = await checked();
    at.certificate.says = { serial: '0C' };
    await at.objects.remove('observations/check.json');
    await at.run();
    at.clock.advance(10 * minuteMs);
    expect(await readBy(at)).toEqual([...ids].sort());
  });

  test('reads all after another configuration was deployed', async () => {
    const at = await checked();
    await s3Observations(at.objects).update((seen) => ({
      ...seen,
      known: { ...seen.known, config: 'other' },
    }));
    expect(await readBy(at)).toEqual([...ids].sort());
  });

  test('a wish of a person reads what it names', async () => {
    const at = await checked();
    await at.run({ certificates: ['steady'], retry: true, reason: 'to see' }, 'run-2');
    expect(await at.whole.read('steady')).toMatchObject({ id: 'steady' });
  });
});

describe('a check of more than can be done until the next', () => {
  const many = Array.from({ length: 80 }, (_, at) => `d${String(at).padStart(2, '0')}`);
  /** Two runs with one certificate each: 27 orders in ten minutes. */
  const capacity = capacityOf({ issue: 2, deploy: 2, verify: 2 }, 1);
  const turns = 27;

  function certificatesIn(sent: readonly Message[]): readonly string[] {
    return sent.flatMap((message) => ('certificate' in message ? message.certificate : []));
  }

  /** The later in the alphabet, the sooner it ends; the first check has sent as much as can be done. */
  async function overdue() {
    const at = desk({ certificates: many.map((id) => wanted({ id })) }, capacity);
    for (const [index, id] of many.entries()) {
      const notAfter = addMs(inDays(26), -index * hourMs).toISOString();
      const versions = [versionOf({ notBefore: inDays(-64).toISOString(), notAfter })];
      await at.whole.update(id, () => ({ ...healthy({ versions }), id }));
    }
    await at.run();
    return at;
  }

  test('reads what was sent and what may be sent now, and leaves the others to later ones', async () => {
    const at = await overdue();
    const sent = certificatesIn(at.sent);
    expect(sent).toEqual(many.slice(-turns).toReversed());
    at.clock.advance(10 * minuteMs);
    // As far as is known without the records, as many may be sent again.
    const read = await readBy(at);
    expect(read).toEqual(expect.arrayContaining(many.slice(-2 * turns)));
    // Besides, a record is compared with its certificate in its turn.
    expect(read.length).toBeLessThan(2 * turns + 5);
  });

  test('says of those that it does not read that they wait', async () => {
    const at = await overdue();
    at.clock.advance(10 * minuteMs);
    const lines = await at.run();
    expect(lines).toHaveLength(many.length);
    const unread = lines.filter(({ reason }) => reason === waitsForTurn);
    expect(unread.length).toBeGreaterThan(many.length - 2 * turns - 5);
    expect(lines.filter(({ action }) => action !== 'wait')).toEqual([]);
  });

  test('sends all of them in the end, the first to end first', async () => {
    const at = await overdue();
    for (let hour = 0; hour < 6; hour += 1) {
      // Those that were sent are issued.
      for (const certificate of certificatesIn(at.sent)) {
        const versions = [versionOf({ notAfter: inDays(89).toISOString() })];
        await at.whole.update(certificate, (record) => ({ ...record, versions }));
      }
      at.clock.advance(10 * minuteMs);
      await at.run();
    }
    const issued = certificatesIn(at.sent);
    expect(issued).toEqual(many.toReversed());
  });
});

/** Every field of what check knows, changed into what somebody might wish, or into nonsense. */
async function corrupt(at: Awaited<ReturnType<typeof checked>>, random: () => number) {
  const observations = s3Observations(at.objects);
  const pick = <T>(all: readonly T[]): T => all[Math.floor(random() * all.length)] as T;
  await observations.update((seen) => {
    const { records: known } = seen.known;
    const etags = Object.values(known).map((each) => each.split(' ')[0] ?? '');
    const untils = [inDays(1), inDays(-1), addMs(now, 5 * hourMs), new Date(8e15)].map((each) =>
      each.toISOString(),
    );
    const entries = ids.map((id) => {
      const entry = pick([
        known[id] ?? '',
        `${pick([...etags, 'x'])} ${pick(untils)}`,
        `${pick([...etags, 'x'])} ${pick(untils)} ${pick(['0', '3', `2${inDays(5).toISOString()}`])}`,
        '',
        'nonsense',
      ]);
      return [id, entry];
    });
    const changed = { ...seen.known, records: Object.fromEntries(entries) };
    return { ...seen, known: random() < 0.1 ? nothingSeen.known : changed };
  });
  const { etag, status } = await readStatus(at.objects);
  if (!status || random() < 0.3) return;
  const certificates = status.certificates.map((each) => {
    const { conditions: _, ...line } = each;
    return random() < 0.5 ? { ...line, state: 'well' as const } : each;
  });
  await writeStatus(at.objects, { ...status, certificates: certificates.toReversed() }, etag);
}

test('nothing is sent or told that the records do not support, whatever is known of them', async () => {
  const honest = await checked();
  honest.clock.advance(10 * minuteMs);
  await honest.objects.remove('observations/check.json');
  await honest.run();
  const may = new Set([...honest.sent, ...honest.started].map(workKey));
  const random = randomOf(16);
  for (let turn = 0; turn < (isFull ? 300 : 40); turn += 1) {
    const at = await checked();
    await corrupt(at, random);
    const toldBefore = at.published.length;
    at.clock.advance(10 * minuteMs);
    await at.run();
    const did = [...at.sent, ...at.started].map(workKey).filter((key) => !may.has(key));
    expect(did, `turn ${turn}`).toEqual([]);
    expect(at.published.slice(toldBefore), `turn ${turn}`).toEqual([]);
    const { status } = await readStatus(at.objects);
    const bad = status?.certificates.filter(({ state }) => state !== 'well').map(({ id }) => id);
    for (const id of bad ?? []) expect(['due', 'revoked'], `turn ${turn}`).toContain(id);
  }
});

test('what is known wrongly is right again within six hours', async () => {
  const statesAfter = async (at: Awaited<ReturnType<typeof checked>>) => {
    for (let ms = 0; ms < longestQuietMs; ms += 30 * minuteMs) {
      at.clock.advance(30 * minuteMs);
      await at.run();
    }
    const { status } = await readStatus(at.objects);
    const states = status?.certificates.map(({ id, state }) => [id, state] as const) ?? [];
    return { ...Object.fromEntries(states), sent: new Set(at.sent.map(workKey)) };
  };
  const honest = await statesAfter(await checked());
  for (let seed = 1; seed <= 5; seed += 1) {
    const at = await checked();
    await corrupt(at, randomOf(seed));
    expect(await statesAfter(at)).toEqual(honest);
  }
});
