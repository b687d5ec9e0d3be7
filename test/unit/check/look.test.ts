import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import { type LookPorts, look } from '#shared/check/observations/look.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { readStatus } from '#shared/status/status-object.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { healthy, now, versionOf } from '#test/support/healthy.ts';
import { watching } from '#test/support/watching.ts';

/** The reasons of what is not well. */
async function reasons({ objects }: Pick<ReturnType<typeof desk>, 'objects'>) {
  const { status } = await readStatus(objects);
  return status?.causes.map(({ reason }) => reason);
}

async function livingDesk() {
  const at = desk();
  await at.holds(healthy());
  await at.run();
  return at;
}

const bodyOf = ({ objects }: Pick<ReturnType<typeof desk>, 'objects'>) =>
  objects.objects.get('observations/check.json');

test('a secret that somebody deletes is seen within a day, and that it is back within an hour', async () => {
  const at = await livingDesk();
  at.secret.state = 'marked-for-deletion';
  at.clock.advance(dayMs - minuteMs);
  await at.run();
  expect(await reasons(at)).toEqual([]);
  at.clock.advance(minuteMs);
  await at.run();
  expect(await reasons(at)).toEqual(['SecretMarkedForDeletion']);
  at.secret.state = 'there';
  at.clock.advance(hourMs);
  await at.run();
  expect(await reasons(at)).toEqual([]);
});

test('a new version is looked at at once', async () => {
  const at = await livingDesk();
  at.secret.state = 'missing';
  await at.whole.update('shop', () =>
    healthy({ desired: 'v2', versions: [versionOf(), versionOf({ id: 'v2' })] }),
  );
  await at.run();
  expect(await reasons(at)).toContain('SecretMissing');
});

test('nobody who has confirmed is seen within a day', async () => {
  const at = await livingDesk();
  Object.assign(at.audience, { confirmed: 0, pending: 2 });
  at.clock.advance(dayMs);
  await at.run();
  const { status } = await readStatus(at.objects);
  expect(status?.texts).toEqual([
    'nobody gets the messages of certkeep-alerts; 2 have not confirmed',
  ]);
});

test('a look that is not due writes nothing', async () => {
  const at = await livingDesk();
  const before = bodyOf(at);
  at.clock.advance(10 * minuteMs);
  await at.run();
  expect(bodyOf(at)).toBe(before);
});

test('what was seen is seen again where it is lost', async () => {
  const at = await livingDesk();
  const before = bodyOf(at);
  await at.objects.remove('observations/check.json');
  await at.run();
  expect(bodyOf(at)).toBe(before);
});

/** The look alone, without a check around it. */
function window() {
  const clock = virtualClock();
  const ports = { ...watching(fakeObjectStore()), clock };
  const asked: string[] = [];
  const keys: LookPorts['keys'] = {
    async stateOf(id) {
      asked.push(id);
      return 'there';
    },
  };
  const watcherLook: LookPorts['watcherLook'] = {
    async audienceOf({ key }) {
      asked.push(key);
      return { confirmed: 1, pending: 0, isClosed: false, unconfirmed: [] };
    },
    async statesOf(_, names) {
      asked.push(...names);
      return names.map(() => 'on');
    },
  };
  return { asked, ports: { ...ports, keys, watcherLook } };
}

/** As check calls it, where these are all records. */
async function lookedAt(ports: LookPorts, records: readonly CertificateRecord[]) {
  const before = await ports.observations.read();
  const ids = records.map(({ id }) => id);
  const book = { since: now.toISOString() };
  return look(ports, { before, book, ids, records, knownAfter: (_, known) => known });
}

const fleet = (count: number) =>
  Array.from({ length: count }, (_, index) => ({ ...healthy(), id: `c${index}` }));

test('until somebody has confirmed, each look asks', async () => {
  const { ports } = window();
  const audience = { confirmed: 0, pending: 1, isClosed: false, unconfirmed: [] };
  const watcherLook = { ...ports.watcherLook, audienceOf: async () => audience };
  const unheard = { ...ports, watcherLook };
  await lookedAt(unheard, []);
  Object.assign(audience, { confirmed: 1, pending: 0 });
  const { observations } = await lookedAt(unheard, []);
  expect(observations.topics['certkeep-alerts']).toMatchObject(audience);
});

test('what was seen at a time that lies ahead is looked at again', async () => {
  const { asked, ports } = window();
  const at = new Date(ports.clock.now().getTime() + dayMs).toISOString();
  await ports.observations.update((seen) => ({
    ...seen,
    secrets: { shop: { versionId: 'v1', at, state: 'there' } },
    topics: {
      'certkeep-alerts': {
        confirmed: 1,
        pending: 0,
        isClosed: false,
        unconfirmed: [],
        addresses: [],
        at,
      },
    },
    alarms: { 'certkeep-CheckSilent': { state: 'on', at } },
  }));
  await lookedAt(ports, [healthy()]);
  expect(asked).toEqual(['shop', 'certkeep-alerts', 'certkeep-CheckSilent']);
});

test('a look that fails leaves what was seen, says so, and stops no other', async () => {
  const { ports } = window();
  await lookedAt(ports, fleet(2));
  ports.clock.advance(dayMs);
  const blind: LookPorts = {
    ...ports,
    keys: {
      async stateOf(id) {
        if (id === 'c0') throw new Error('DescribeSecret is denied');
        return 'missing';
      },
    },
    watcherLook: {
      audienceOf: () => Promise.reject(new Error('the topic is denied')),
      statesOf: () => Promise.reject(new Error('the alarms are denied')),
    },
    told: { read: () => Promise.reject(new Error('what was told is denied')) },
  };
  const { failures, observations } = await lookedAt(blind, fleet(2));
  expect(failures.map(String)).toEqual([
    'Error: DescribeSecret is denied',
    'Error: the topic is denied',
    'Error: the alarms are denied',
    'Error: what was told is denied',
  ]);
  expect(observations.secrets).toMatchObject({ c0: { state: 'there' }, c1: { state: 'missing' } });
  expect(observations.topics['certkeep-alerts']).toMatchObject({ confirmed: 1 });
  expect(observations.alarms['certkeep-CheckSilent']).toMatchObject({ state: 'on' });
});

test('one look asks for 500 secrets, and the next goes on', async () => {
  const { asked, ports } = window();
  await lookedAt(ports, fleet(501));
  expect(asked).toHaveLength(500 + 2);
  await lookedAt(ports, fleet(501));
  expect(asked.slice(502)).toEqual(['c500']);
});

test('what was seen of a certificate or a topic that is gone is forgotten', async () => {
  const { ports } = window();
  await lookedAt(ports, fleet(2));
  ports.clock.advance(dayMs);
  const watcher = (name: string) => ({
    ...{ key: name, name, region: 'us-east-1' },
    publishers: [],
    addresses: [],
  });
  const watchers = {
    home: 'us-east-1',
    topics: [watcher('certkeep-watch')],
    alarms: [watcher('certkeep-DeadLetters')],
  };
  const { observations } = await lookedAt({ ...ports, watchers }, fleet(1));
  expect(Object.keys(observations.secrets)).toEqual(['c0']);
  expect(Object.keys(observations.topics)).toEqual(['certkeep-watch']);
  expect(Object.keys(observations.alarms)).toEqual(['certkeep-DeadLetters']);
});
