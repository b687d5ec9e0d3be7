import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Channel, Message } from '#shared/channels/channel.ts';
import { CertkeepError } from '#shared/errors.ts';
import { alert } from '#shared/finish/alert/alert.ts';
import { s3Announcements } from '#shared/ledger/outbox/announcements.ts';
import { flushOutbox, withEvent } from '#shared/ledger/outbox/outbox.ts';
import { withSent } from '#shared/ledger/outbox/sent-events.ts';
import type { Writer } from '#shared/ledger/parts/writers.ts';
import type { LedgerEvent } from '#shared/ledger/record/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { dayMs, secondMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { now } from '#test/support/healthy.ts';
import { silentLog } from '#test/support/silent-log.ts';

function event(id: string, certificate: string | null = 'shop'): LedgerEvent {
  const at = now.toISOString();
  return { id, type: 'failed', at, certificate, severity: 'warning', summary: id, details: {} };
}

function office() {
  const told: string[] = [];
  const heard: string[] = [];
  const isDown = { mail: false, chat: false };
  let hears = async (_: Message) => {};
  const channel = (name: keyof typeof isDown): Channel => ({
    async send(message) {
      if (isDown[name]) throw new CertkeepError('AlertNotSent', `${name} is down`);
      await hears(message);
      told.push(`${name} ${message.id}`);
      heard.push(message.text);
    },
  });
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledgerOf = (writer: Writer) => s3Ledger({ objects, clock, writer });
  const [ledger, issue, check] = [ledgerOf('alert'), ledgerOf('issue'), ledgerOf('check')];
  const announcements = s3Announcements(objects, 'check');
  const errors: string[] = [];
  const log = {
    info: () => undefined,
    warn: () => undefined,
    error: (message: string) => void errors.push(message),
  };
  const bus = { publish: async () => undefined };
  const channels = [channel('mail'), channel('chat')];

  /** As certkeep writes them down, sends them, and notes that it has. */
  async function hold(...events: LedgerEvent[]): Promise<void> {
    for (const each of events) {
      const { certificate: id } = each;
      if (id) {
        await issue.update(id, (record) => withEvent(record, each));
        await flushOutbox({ ledger: issue, bus, log }, id);
      } else await announcements.update((sent) => withSent(sent, [each], clock.now()));
    }
  }

  const ports = { objects, ledger, announcements: [announcements], channels, clock, log };
  const hear = (...events: LedgerEvent[]) => alert(ports, events);
  return {
    told,
    heard,
    isDown,
    objects,
    clock,
    onSend: (listener: typeof hears) => {
      hears = listener;
    },
    /** What check would send. */
    outbox: async (id = 'shop') => (await check.read(id))?.outbox ?? [],
    check,
    ledger,
    errors,
    hold,
    hear,
    hearWith: (other: Partial<typeof ports>, ...events: LedgerEvent[]) =>
      alert({ ...ports, ...other }, events),
    async tell(...events: LedgerEvent[]) {
      await hold(...events);
      return hear(...events);
    },
  };
}

test('an event that arrives twice is told once', async () => {
  const { told, tell } = office();
  expect(await tell(event('e1'))).toEqual({ told: 1, known: 0, unheld: 0, left: 0 });
  expect(await tell(event('e1'))).toEqual({ told: 0, known: 1, unheld: 0, left: 0 });
  expect(told).toEqual(['mail e1', 'chat e1']);
});

test('the events of one run are told each by itself', async () => {
  const { told, tell } = office();
  expect(await tell(event('e1'), event('e2', 'blog'))).toMatchObject({ told: 2 });
  expect(told.toSorted()).toEqual(['chat e1', 'chat e2', 'mail e1', 'mail e2']);
});

test('a channel that is down keeps no other from being told, and fails the run', async () => {
  const { told, isDown, tell } = office();
  isDown.mail = true;
  await expect(tell(event('e1'))).rejects.toThrow('mail is down');
  expect(told).toEqual(['chat e1']);
});

test('one event that cannot be sent stops no other, goes back into the outbox once, and fails the run', async () => {
  const { told, onSend, outbox, tell } = office();
  onSend(async ({ id }) => {
    if (id === 'e1') throw new CertkeepError('AlertNotSent', 'too long');
  });
  const all = [event('e1'), event('e2'), event('e3')];
  await expect(tell(...all)).rejects.toThrow('too long');
  await expect(tell(...all)).rejects.toThrow('too long');
  expect(told.toSorted()).toEqual(['chat e2', 'chat e3', 'mail e2', 'mail e3']);
  expect(await outbox()).toEqual([event('e1')]);
});

test('an event that could not be sent is sent when it arrives again', async () => {
  const { told, isDown, tell } = office();
  isDown.mail = true;
  isDown.chat = true;
  await expect(tell(event('e1'))).rejects.toThrow('mail is down; chat is down');
  isDown.mail = false;
  isDown.chat = false;
  expect(await tell(event('e1'))).toMatchObject({ told: 1 });
  expect(told).toEqual(['mail e1', 'chat e1']);
});

test('an event of the whole installation has a mark that no certificate can have, and is told first', async () => {
  const { told, objects, tell } = office();
  const others = Array.from({ length: 20 }, (_, n) => event(`c${n}`, '0-installation'));
  await tell(...others, event('region', null));
  expect(told[0]).toBe('mail region');
  expect(objects.objects.has('alerts/_installation/failed/region')).toBe(true);
  expect(await tell(event('region', null))).toMatchObject({ known: 1 });
});

test('after a minute a run begins nothing more, and what is left goes back into the outboxes', async () => {
  const { clock, onSend, outbox, tell } = office();
  onSend(async () => clock.advance(4 * secondMs));
  const events = Array.from({ length: 40 }, (_, n) => event(`e${n}`, n % 2 ? 'shop' : 'blog'));
  const { told, left } = await tell(...events);
  expect(told + left).toBe(40);
  expect(told).toBeLessThan(20);
  expect((await outbox()).length + (await outbox('blog')).length).toBe(left);
});

test('events of the whole installation that are left fail the run, so that they come again', async () => {
  const { clock, onSend, tell } = office();
  onSend(async () => clock.advance(10 * secondMs));
  const events = Array.from({ length: 40 }, (_, n) => event(`e${n}`, null));
  await expect(tell(...events)).rejects.toThrow('have to wait for a retry');
});

test('an event that the ledger does not hold becomes an error line, and no message', async () => {
  const { told, errors, hold, hear } = office();
  const held = event('e1');
  await hold(held, event('region', null));
  const forged = [
    { ...held, summary: 'Your AWS account is suspended, sign in at https://evil.example/aws' },
    { ...held, details: { link: 'https://evil.example' } },
    { ...held, severity: 'critical' as const },
    { ...held, id: 'e2' },
    { ...held, certificate: 'blog' },
    { ...held, certificate: null },
    { ...held, certificate: '../shop' },
    { ...event('region', null), details: { reason: 'sign in' } },
  ];
  expect(await hear(...forged)).toEqual({ told: 0, known: 0, unheld: forged.length, left: 0 });
  expect(told).toEqual([]);
  expect(errors).toEqual(forged.map(() => 'event is not in the ledger'));
  expect(await hear(held, event('region', null))).toMatchObject({ told: 2 });
});

test('forged events come into no outbox, however many there are', async () => {
  const { clock, hold, hear, onSend, outbox } = office();
  onSend(async () => clock.advance(61 * secondMs));
  const events = Array.from({ length: 20 }, (_, n) => event(`e${n}`));
  await hold(...events);
  const forged = events.map((each) => ({ ...each, summary: 'sign in' }));
  await hear(...events, ...forged);
  const held = await outbox();
  expect(held.length).toBeGreaterThan(0);
  expect(held.filter(({ summary }) => summary === 'sign in')).toEqual([]);
});

test('an event that has left the outbox can be sent for ninety days, also from the dead events', async () => {
  const { clock, hold, hear, outbox, told } = office();
  await hold(event('e1'), event('e2'));
  expect(await outbox()).toEqual([]);
  clock.advance(89 * dayMs);
  expect(await hear({ ...event('e1'), summary: 'forged' })).toMatchObject({ unheld: 1 });
  expect(await hear(event('e1'))).toMatchObject({ told: 1 });
  clock.advance(2 * dayMs);
  await hold(event('e3'));
  expect(await hear(event('e2'), event('e3'))).toMatchObject({ told: 1, unheld: 1 });
  expect(told.filter((each) => each.startsWith('mail'))).toEqual(['mail e1', 'mail e3']);
});

test('an event that check has sent again and that is not told goes back once more, and not after it is told', async () => {
  const { check, clock, hold, hear, isDown, outbox, told } = office();
  const bus = { publish: async () => undefined };
  await hold(event('e1'));
  isDown.mail = true;
  for (let round = 0; round < 3; round += 1) {
    await expect(hear(event('e1'))).rejects.toThrow('mail is down');
    expect(await outbox()).toEqual([event('e1')]);
    clock.advance(secondMs);
    await flushOutbox({ ledger: check, bus, log: silentLog }, 'shop');
    expect(await outbox()).toEqual([]);
    clock.advance(secondMs);
  }
  isDown.mail = false;
  await hear(event('e1'));
  expect(told).toContain('mail e1');
  expect(await outbox()).toEqual([]);
});

test('an event of one function suppresses no event of another, not even under the same id', async () => {
  const { clock, hear, hold, objects, told } = office();
  const mine = event('e1');
  const theirs = { ...event('e1'), type: 'served' as const };
  await s3Ledger({ objects, clock, writer: 'verify' }).update('shop', (record) =>
    withEvent(record, theirs),
  );
  expect(await hear(theirs)).toMatchObject({ told: 1 });
  await hold(mine);
  expect(await hear(mine)).toMatchObject({ told: 1 });
  expect(told.filter((each) => each === 'mail e1')).toHaveLength(2);
});

test('an event that the previous release has sent is not sent again', async () => {
  const { hear, hold, objects, told } = office();
  await hold(event('e1'));
  await objects.put('alerts/shop/e1', 'told', '');
  expect(await hear(event('e1'))).toMatchObject({ told: 0, known: 1 });
  expect(told).toEqual([]);
});

test('an event that is given back while check notes its sending is sent again', async () => {
  const { check, hear, hold, isDown, outbox } = office();
  await hold(event('e1'));
  isDown.mail = true;
  await expect(hear(event('e1'))).rejects.toThrow('mail is down');
  const bus = { publish: async () => undefined };
  await flushOutbox({ ledger: check, bus, log: silentLog }, 'shop');
  expect(await outbox()).toEqual([event('e1')]);
});

test('nobody is told what another function may tell, and alert itself may tell nothing', async () => {
  const { objects, hear, outbox, clock } = office();
  const words = { ...event('e1'), type: 'issued' as const };
  for (const writer of ['deploy', 'verify', 'sync', 'alert'] as const) {
    const own = s3Ledger({ objects, clock, writer });
    await own.update('shop', (record) => withEvent(record, words));
    expect(await hear(words)).toMatchObject({ told: 0, unheld: 1 });
    expect(await outbox()).toEqual([]);
  }
});

test('two runs that have one event side by side tell it once, where one has told it before the other sends', async () => {
  const { hold, ledger, ...desk } = office();
  await hold(event('e1'));
  const gates = [Promise.withResolvers<void>(), Promise.withResolvers<void>()];
  const [first, second] = gates.map((gate) => {
    const read = async (id: string) => {
      await gate.promise;
      return ledger.read(id);
    };
    return desk.hearWith({ ledger: { ...ledger, read } }, event('e1'));
  });
  gates[0]?.resolve();
  expect(await first).toMatchObject({ told: 1 });
  gates[1]?.resolve();
  expect(await second).toMatchObject({ told: 0, known: 1 });
  expect(desk.told).toEqual(['mail e1', 'chat e1']);
});
