import { expect, test } from 'vitest';
import { issuedEvent } from '#shared/acquire/events.ts';
import { CertkeepError } from '#shared/errors.ts';
import { alert } from '#shared/finish/alert.ts';
import type { Channel } from '#shared/finish/channels/channel.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { versionOf } from '#test/support/healthy.ts';
import { virtualClock } from '#test/support/virtual-clock.ts';

const event = issuedEvent('shop', versionOf(), 'there is no certificate yet');
const log = { info: () => undefined, warn: () => undefined, error: () => undefined };

function office() {
  const told: string[] = [];
  const isDown = { mail: false, chat: false };
  const channel = (name: keyof typeof isDown): Channel => ({
    async send() {
      if (isDown[name]) throw new CertkeepError('AlertNotSent', `${name} is down`);
      told.push(name);
    },
  });
  const channels = [channel('mail'), channel('chat')];
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const ledger = s3Ledger({ objects, clock });
  const ports = { objects, ledger, channels, clock, log };
  const outbox = async () => (await ledger.read('shop'))?.outbox ?? [];
  return { told, isDown, outbox, tell: () => alert(ports, event) };
}

test('an event that arrives twice is told once', async () => {
  const { told, tell } = office();
  expect([await tell(), await tell()]).toEqual(['told', 'already-told']);
  expect(told).toEqual(['mail', 'chat']);
});

test('a channel that is down keeps no other from being told, and fails the run', async () => {
  const { told, isDown, tell } = office();
  isDown.mail = true;
  await expect(tell()).rejects.toThrow('mail is down');
  expect(told).toEqual(['chat']);
});

test('what could not be told goes back into the outbox, once', async () => {
  const { isDown, outbox, tell } = office();
  isDown.chat = true;
  await expect(tell()).rejects.toThrow('chat is down');
  await expect(tell()).rejects.toThrow('chat is down');
  expect(await outbox()).toEqual([event]);
});

test('what could not be told is told when it arrives again', async () => {
  const { told, isDown, tell } = office();
  isDown.mail = true;
  isDown.chat = true;
  await expect(tell()).rejects.toThrow('mail is down; chat is down');
  isDown.mail = false;
  isDown.chat = false;
  expect(await tell()).toBe('told');
  expect(told).toEqual(['mail', 'chat']);
});
