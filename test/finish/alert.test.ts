import { expect, test } from 'vitest';
import { secondMs } from '#shared/clock.ts';
import { CertkeepError } from '#shared/errors.ts';
import { alert } from '#shared/finish/alert.ts';
import type { Channel, Message } from '#shared/finish/channels/channel.ts';
import type { LedgerEvent } from '#shared/ledger/record.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { now } from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function event(id: string, certificate: string | null = 'shop'): LedgerEvent {
  const at = now.toISOString();
  return { id, type: 'failed', at, certificate, severity: 'warning', summary: id, details: {} };
}

function office() {
  const told: string[] = [];
  const isDown = { mail: false, chat: false };
  let hears = async (_: Message) => {};
  const channel = (name: keyof typeof isDown): Channel => ({
    async send(message) {
      if (isDown[name]) throw new CertkeepError('AlertNotSent', `${name} is down`);
      await hears(message);
      told.push(`${name} ${message.id}`);
    },
  });
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledger = s3Ledger({ objects, clock });
  const channels = [channel('mail'), channel('chat')];
  return {
    told,
    isDown,
    objects,
    clock,
    onSend: (listener: typeof hears) => {
      hears = listener;
    },
    outbox: async (id = 'shop') => (await ledger.read(id))?.outbox ?? [],
    tell: (...events: LedgerEvent[]) => alert({ objects, ledger, channels, clock, log }, events),
  };
}

test('an event that arrives twice is told once', async () => {
  const { told, tell } = office();
  expect(await tell(event('e1'))).toEqual({ told: 1, known: 0, left: 0 });
  expect(await tell(event('e1'))).toEqual({ told: 0, known: 1, left: 0 });
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

test('what could not be told is told when it arrives again', async () => {
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
  expect(objects.objects.has('alerts/_installation/region')).toBe(true);
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
