import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import * as deployment from '#shared/deploy/deployment.ts';
import { flushOutbox, flushOutboxes, withEvent } from '#shared/ledger/outbox/outbox.ts';
import { emptyParts } from '#shared/ledger/parts/part.ts';
import { partKey, type Writer, writers } from '#shared/ledger/parts/writers.ts';
import type {
  CertificateRecord,
  Deployment,
  EventType,
  LedgerEvent,
} from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { dayMs, minuteMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { failureUntil, healthy, inDays, versionOf } from '#test/support/healthy.ts';
import { recordOfEveryField, target } from '#test/support/record-of-every-field.ts';
import { silentLog } from '#test/support/silent-log.ts';

function office() {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const as = (writer: Writer) => s3Ledger({ objects, clock, writer });
  const ledgers = Object.fromEntries(writers.map((writer) => [writer, as(writer)])) as Record<
    Writer,
    ReturnType<typeof as>
  >;
  const sent: string[] = [];
  const bus = {
    publish: async (events: readonly LedgerEvent[]) =>
      void sent.push(...events.map(({ id }) => id)),
  };
  return {
    objects,
    clock,
    ledgers,
    sent,
    whole: wholeLedger({ objects, clock }),
    flush: (writer: Writer) =>
      flushOutbox({ ledger: ledgers[writer], bus, log: silentLog }, 'shop'),
    async checkSends() {
      const record = (await ledgers.check.read('shop')) as CertificateRecord;
      return flushOutboxes({ ledger: ledgers.check, bus, log: silentLog }, [record]);
    },
    stored: (writer: Writer) => JSON.parse(objects.objects.get(partKey(writer, 'shop')) ?? 'null'),
  };
}

function event(id: string, type: EventType): LedgerEvent {
  const about = { certificate: 'shop', severity: 'info', summary: id, details: {} } as const;
  return { id, type, at: '2026-11-22T03:00:00.000Z', ...about };
}

const own: Readonly<Record<Writer, (record: CertificateRecord) => CertificateRecord>> = {
  check: (record) => ({ ...record, wishTold: 9 }),
  issue: (record) => ({ ...record, desired: null }),
  deploy: (record) => ({ ...record, imports: {} }),
  verify: (record) => deployment.spreading(record, target, inDays(9)),
  sync: (record) => ({ ...record, replicas: {} }),
  alert: (record) => withEvent(record, event('e', 'issued')),
};

test.each(writers)('a write of %s changes its own object and no other', async (writer) => {
  const { ledgers, objects, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  const before = objects.objects;
  await ledgers[writer].update('shop', own[writer]);
  const changed = [...objects.objects].filter(([key, body]) => before.get(key) !== body);
  expect(changed.map(([key]) => key)).toEqual([partKey(writer, 'shop')]);
});

const foreign = writers.flatMap((writer) =>
  writers
    .filter((other) => other !== writer && other !== 'alert')
    // Deploy writes all of a deployment.
    .filter((other) => !(writer === 'deploy' && other === 'verify'))
    .map((other) => [writer, other] as const),
);

test.each(foreign)('%s can write nothing that is written by %s', async (writer, other) => {
  const { ledgers, objects, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  const before = objects.objects;
  await expect(ledgers[writer].update('shop', own[other])).rejects.toThrow(
    `${writer} does not write`,
  );
  expect(objects.objects).toEqual(before);
});

test('two that write at the same time do not get in each other’s way', async () => {
  const { ledgers, objects, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  const writes = objects.conditionalWrites;
  await Promise.all(writers.map((writer) => ledgers[writer].update('shop', own[writer])));
  expect(objects.conditionalWrites - writes).toBe(writers.length);
});

test('a verdict counts only for the deployment that it speaks of', async () => {
  const { ledgers, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  const stateOf = async () => (await whole.read('shop'))?.deployments[target]?.state;
  const at = inDays(0);
  const prove = (record: CertificateRecord) =>
    deployment.proven(record, target, { at, nextProbeAt: inDays(1) });
  await ledgers.verify.update('shop', prove);
  expect(await stateOf()).toBe('proven');
  // Verify has looked, and deploy changes the target before it writes.
  await ledgers.verify.read('shop');
  await ledgers.deploy.update('shop', (record) =>
    deployment.failed(record, target, failureUntil(inDays(1))),
  );
  expect(await stateOf()).toBe('failed');
  await ledgers.verify.update('shop', (record) => deployment.contradicted(record, target));
  expect(await stateOf()).toBe('failed');
});

test('a change of deploy keeps what verify has seen until then', async () => {
  const { ledgers, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  const at = inDays(0);
  await ledgers.verify.update('shop', (record) =>
    deployment.proven(record, target, { at, nextProbeAt: inDays(1) }),
  );
  await ledgers.deploy.update('shop', (record) =>
    deployment.drifted(record, target, { seenAt: at.toISOString(), holds: 'arn:9' }),
  );
  expect((await whole.read('shop'))?.deployments[target]).toMatchObject({
    state: 'proven',
    provenAt: at.toISOString(),
    drift: { holds: 'arn:9' },
  });
});

test('a force is answered by issue, and one that came meanwhile is not', async () => {
  const { ledgers, whole } = office();
  await whole.update('shop', () => healthy());
  const force = (at: string) =>
    ledgers.check.update('shop', (record) => ({ ...record, forced: { at, reason: 'leaked' } }));
  const forcedFor = async () => (await ledgers.issue.read('shop'))?.forced?.at;
  const answer = (record: CertificateRecord) => ({ ...record, forced: null });
  await force('2026-11-22T01:00:00.000Z');
  expect(await forcedFor()).toBe('2026-11-22T01:00:00.000Z');
  await force('2026-11-22T02:00:00.000Z');
  // Issue has read the first one a moment ago, and writes without another look.
  await ledgers.issue.update('shop', answer);
  expect(await forcedFor()).toBe('2026-11-22T02:00:00.000Z');
  await ledgers.issue.update('shop', answer);
  expect(await forcedFor()).toBeUndefined();
});

test('a wish to try again makes due what waits with every writer, until that one has written', async () => {
  const { clock, ledgers, whole } = office();
  const waiting = failureUntil(inDays(3));
  await whole.update('shop', (record) => ({
    ...record,
    versions: [versionOf()],
    acquireFailure: waiting,
    deployments: {
      [target]: { ...recordOfEveryField().deployments[target], failure: waiting } as never,
    },
  }));
  const at = clock.now().toISOString();
  await ledgers.check.update('shop', (record) => ({
    ...record,
    retried: { at, run: 'r1' },
  }));
  const waits = async () => {
    const { acquireFailure, deployments = {} } = (await ledgers.deploy.read('shop')) ?? {};
    return [acquireFailure?.nextAttemptAt, deployments[target]?.failure?.nextAttemptAt];
  };
  expect(await waits()).toEqual([at, at]);
  const later = failureUntil(inDays(4));
  await ledgers.issue.update('shop', (record) => ({ ...record, acquireFailure: later }));
  expect(await waits()).toEqual([later.nextAttemptAt, at]);
  await ledgers.deploy.update('shop', (record) => deployment.failed(record, target, later));
  expect(await waits()).toEqual([later.nextAttemptAt, later.nextAttemptAt]);
});

test('check sends what others have not, and nobody sends it again', async () => {
  const { clock, flush, ledgers, sent, checkSends, stored } = office();
  await ledgers.issue.update('shop', (record) => withEvent(record, event('i', 'issued')));
  await ledgers.deploy.update('shop', (record) => withEvent(record, event('d', 'rolled-back')));
  await ledgers.check.update('shop', (record) => withEvent(record, event('c', 'expiring')));
  await flush('issue');
  expect(sent).toEqual(['i']);
  await checkSends();
  expect(sent.toSorted()).toEqual(['c', 'd', 'i']);
  await checkSends();
  await flush('deploy');
  expect(sent).toHaveLength(3);
  // It is in the outbox of deploy until deploy writes again, however long that takes.
  clock.advance(100 * dayMs);
  await ledgers.verify.update('shop', (record) => withEvent(record, event('v', 'served')));
  await checkSends();
  await checkSends();
  expect(sent.slice(3)).toEqual(['v']);
  expect(stored('deploy').outbox).toHaveLength(1);
  await ledgers.deploy.update('shop', (record) => withEvent(record, event('d2', 'rolled-back')));
  expect(stored('deploy').outbox.map(({ id }: LedgerEvent) => id)).toEqual(['d2']);
  expect(stored('deploy').sent.map(({ id }: LedgerEvent) => id)).toEqual(['d']);
});

test('each sends its own alone', async () => {
  const { flush, ledgers, sent } = office();
  await ledgers.issue.update('shop', (record) => withEvent(record, event('i', 'issued')));
  await ledgers.verify.update('shop', (record) => withEvent(record, event('v', 'served')));
  await flush('verify');
  expect(sent).toEqual(['v']);
});

test('a whole record counts for every writer that has not written since', async () => {
  const { clock, ledgers, objects, whole } = office();
  const record = healthy({
    replicas: recordOfEveryField().replicas,
    deployments: recordOfEveryField().deployments,
    outbox: [event('i', 'issued'), event('v', 'served')],
  });
  await objects.put('certificates/shop/record.json', JSON.stringify(record), '');
  expect(await whole.read('shop')).toMatchObject({
    desired: record.desired,
    replicas: record.replicas,
    deployments: record.deployments,
    outbox: record.outbox,
  });
  await ledgers.issue.update('shop', (before) => ({ ...before, desired: null }));
  clock.advance(minuteMs);
  const read = await whole.read('shop');
  expect(read).toMatchObject({ desired: null, deployments: record.deployments });
  await ledgers.verify.update('shop', (before) => deployment.contradicted(before, target));
  expect((await whole.read('shop'))?.deployments[target]?.state).toBe('contradicted');
  // What deploy takes over from it is what verify has spoken of.
  await ledgers.deploy.update('shop', (before) => ({ ...before, imports: {} }));
  expect((await whole.read('shop'))?.deployments[target]?.state).toBe('contradicted');
});

test('if nobody has written a whole record, none is asked for', async () => {
  const { ledgers, objects } = office();
  await ledgers.issue.update('shop', (record) => ({ ...record, desired: 'v1' }));
  const reads = objects.reads;
  await ledgers.check.read('shop');
  expect(objects.reads - reads).toBe(6);
});

test('a force whose time lies ahead is answered once', async () => {
  const { clock, ledgers, objects, whole } = office();
  await whole.update('shop', () => healthy());
  const at = '9999-01-01T00:00:00.000Z';
  const part = { ...emptyParts('shop').check, forced: { at, reason: 'made up' } };
  await objects.put(partKey('check', 'shop'), JSON.stringify(part), '');
  expect((await ledgers.issue.read('shop'))?.forced?.at).toBe(clock.now().toISOString());
  await ledgers.issue.update('shop', (record) => ({ ...record, forced: null }));
  clock.advance(minuteMs);
  expect((await ledgers.issue.read('shop'))?.forced).toBeNull();
});

test('a verdict makes no proof of a change that failed or is not confirmed', async () => {
  const { ledgers, objects, stored, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  await ledgers.deploy.update('shop', (record) =>
    deployment.failed(record, target, failureUntil(inDays(1))),
  );
  const at = inDays(0);
  const proven = deployment.proven(recordOfEveryField(), target, { at, nextProbeAt: inDays(1) });
  const { state, provenAt, probe, nextProbeAt } = proven.deployments[target] as Deployment;
  const revision = stored('deploy').revisions[target];
  const verdict = { revision, state, provenAt, probe, nextProbeAt, failure: null };
  const part = { ...emptyParts('shop').verify, verdicts: { [target]: verdict } };
  await objects.put(partKey('verify', 'shop'), JSON.stringify(part), '');
  expect((await whole.read('shop'))?.deployments[target]?.state).toBe('failed');
});

test('an unreadable part of another writer counts as absent, except that of deploy', async () => {
  const { ledgers, objects, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  for (const writer of ['verify', 'sync', 'alert'] as const) {
    await objects.put(partKey(writer, 'shop'), 'x', '');
  }
  expect((await ledgers.check.read('shop'))?.desired).toBe('v1');
  expect((await ledgers.issue.read('shop'))?.desired).toBe('v1');
  await expect(ledgers.deploy.read('shop')).rejects.toMatchObject({ name: 'LedgerUnreadable' });
  await expect(ledgers.verify.read('shop')).rejects.toMatchObject({ name: 'LedgerUnreadable' });
});

test('two events of one id are each sent once', async () => {
  const { clock, checkSends, ledgers, sent } = office();
  await ledgers.issue.update('shop', (record) => withEvent(record, event('x', 'failed')));
  const other = { ...event('x', 'failed'), summary: 'another' };
  await ledgers.deploy.update('shop', (record) => withEvent(record, other));
  for (let check = 0; check < 4; check += 1) {
    await checkSends();
    clock.advance(minuteMs);
  }
  expect(sent).toEqual(['x', 'x']);
});

test('a retry that was followed is not followed again after the part of check could not be read', async () => {
  const { ledgers, objects, whole } = office();
  await whole.update('shop', () => healthy());
  const retried = { at: inDays(0).toISOString(), run: 'r1' };
  await ledgers.check.update('shop', (record) => ({ ...record, retried }));
  const later = failureUntil(inDays(3));
  const fail = (record: CertificateRecord) => ({ ...record, acquireFailure: { ...later } });
  await ledgers.issue.update('shop', fail);
  const kept = objects.objects.get(partKey('check', 'shop')) ?? '';
  await objects.put(partKey('check', 'shop'), 'x', '');
  await ledgers.issue.read('shop');
  await ledgers.issue.update('shop', fail);
  await objects.put(partKey('check', 'shop'), kept, '');
  expect((await ledgers.issue.read('shop'))?.acquireFailure?.nextAttemptAt).toBe(
    later.nextAttemptAt,
  );
});

test('verify judges by what deploy has written until then, and not by what it read before it asked', async () => {
  const { ledgers, whole } = office();
  await whole.update('shop', () => recordOfEveryField());
  await ledgers.verify.read('shop');
  await ledgers.deploy.update('shop', (record) =>
    deployment.failed(record, target, failureUntil(inDays(1))),
  );
  const states: (string | undefined)[] = [];
  await ledgers.verify.update('shop', (record) => {
    states.push(record.deployments[target]?.state);
    return withEvent(record, event('v', 'served'));
  });
  expect(new Set(states)).toEqual(new Set(['failed']));
});

test('the parts of others are read anew after five seconds', async () => {
  const { clock, ledgers, whole } = office();
  await whole.update('shop', () => healthy());
  await ledgers.deploy.read('shop');
  await ledgers.issue.update('shop', (record) => ({ ...record, desired: null }));
  const desired: (string | null)[] = [];
  const noting = (record: CertificateRecord) => {
    desired.push(record.desired);
    return { ...record, imports: {} };
  };
  await ledgers.deploy.update('shop', noting);
  clock.advance(5_000);
  await ledgers.deploy.update('shop', noting);
  expect(desired.at(0)).toBe('v1');
  expect(desired.at(-1)).toBeNull();
});

test.each(['failed', 'rolled-back'] as const)(
  'that a target is %s only deploy can say',
  async (state) => {
    const { ledgers, objects, stored, whole } = office();
    await whole.update('shop', () => recordOfEveryField());
    await ledgers.verify.update('shop', (record) =>
      deployment.spreading(record, target, inDays(1)),
    );
    const part = stored('verify');
    part.verdicts[target].state = state;
    await objects.put(partKey('verify', 'shop'), JSON.stringify(part), '');
    const read = await whole.read('shop');
    expect(read?.deployments[target]?.state).toBe(recordOfEveryField().deployments[target]?.state);
  },
);

test('a part that cannot be read is not filled from the whole record of long ago', async () => {
  const { clock, ledgers, objects } = office();
  const forced = { at: '2026-11-01T00:00:00.000Z', reason: 'long ago' };
  const record = healthy({ forced });
  await objects.put('certificates/shop/record.json', JSON.stringify(record), '');
  await ledgers.issue.update('shop', (before) => ({ ...before, forced: null }));
  const later = { at: '2026-11-20T00:00:00.000Z', reason: 'later' };
  await ledgers.check.update('shop', (before) => ({ ...before, forced: later }));
  clock.advance(minuteMs);
  await ledgers.issue.update('shop', (before) => ({ ...before, forced: null }));
  await objects.put(partKey('check', 'shop'), 'x', '');
  const again = await ledgers.deploy.read('shop');
  expect([again?.desired, again?.forced]).toEqual([record.desired, null]);
});
