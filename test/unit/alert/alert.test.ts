import { virtualClock } from 'local-cloud/virtual-clock.ts';
import { expect, test } from 'vitest';
import type { Message } from '#shared/channels/message.ts';
import { CertkeepError } from '#shared/errors.ts';
import { alert } from '#shared/finish/alert/alert.ts';
import { s3Told } from '#shared/finish/alert/told.ts';
import type { Condition } from '#shared/status/condition.ts';
import { readStatus, writeStatus } from '#shared/status/status-object.ts';
import { dayMs, hourMs } from '#shared/time/clock.ts';
import { deadlineSignal } from '#shared/time/deadline.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fleetStatus, troubled } from '#test/support/fleet-status.ts';
import { silentLog } from '#test/support/silent-log.ts';

type Fleet = Parameters<typeof fleetStatus>[0];

const theirs = 'arn:aws:sns:us-east-1:123456789012:ops';

/** Alert over a bucket in memory, with two channels. */
function office() {
  const objects = fakeObjectStore();
  const clock = virtualClock();
  const heard: Message[] = [];
  const isDown = { mail: false, chat: false };
  const channel = (name: keyof typeof isDown) => ({
    prove: async () => given.prove(),
    async send(message: Message) {
      if (isDown[name]) throw new CertkeepError('AlertNotSent', `${name} is down`);
      if (message.attributes.certificate === given.refuses) {
        throw new CertkeepError('AlertNotSent', 'refused');
      }
      heard.push(message);
    },
  });
  const refuse = (what: 'refuses' | 'refuses-proofs') => {
    if (given.beside === what) throw new CertkeepError('AlertNotSent', 'their topic is closed');
  };
  const besides = () =>
    given.beside === null
      ? []
      : [
          {
            beside: theirs,
            prove: async () => refuse('refuses-proofs'),
            send: async (message: Message) => {
              refuse('refuses');
              if (given.beside === 'hangs') await untilAborted();
              given.heardBeside.push(message);
            },
          },
        ];
  const told = s3Told(objects);
  const given = {
    /** The certificate whose messages every channel refuses. */
    refuses: null as string | null,
    /** Each channel shows by it that it could send. */
    prove: async (): Promise<void> => undefined,
    /** A topic of the user, where there is one: it takes messages and proofs, or refuses one of them. */
    beside: null as 'takes' | 'refuses' | 'refuses-proofs' | 'hangs' | null,
    objects,
    isDown,
    heard,
    heardBeside: [] as Message[],
    clock,
    told,
    refusals: async () => (await told.read())?.refusals,
    /** What check has written last. */
    async holds(fleet: Fleet, own: readonly Condition[] = []) {
      const { etag } = await readStatus(objects);
      await writeStatus(objects, fleetStatus(fleet, { at: clock.now(), own }), etag);
    },
    run: () =>
      alert({
        ...{ objects, clock, log: silentLog, topic: 'certkeep-alerts' },
        // Each run is a process of its own.
        told: s3Told({ ...objects }),
        channels: [channel('mail'), channel('chat'), ...besides()],
        habits: { digest: 'never' },
        besideMs: 5,
        addresses: { runbook: 'docs/runbook.md' },
      }),
  };
  return given;
}

/** A request of the SDK that nobody answers. */
function untilAborted(): Promise<never> {
  const signal = deadlineSignal();
  return new Promise((_, reject) => {
    signal?.addEventListener('abort', () =>
      reject(new CertkeepError('AlertNotSent', 'SNS: Request aborted')),
    );
  });
}

const nobody = troubled({
  ...{ type: 'Watched', about: 'certkeep-alerts', reason: 'NobodyConfirmed' },
});

test('before the first check there is nothing to tell', async () => {
  const at = office();
  expect(await at.run()).toEqual({ sent: 0 });
  expect(await at.told.read()).toBeNull();
});

test('a state that cannot be read now fails the run, which is tried again', async () => {
  const at = office();
  await at.holds({ shop: [troubled()] });
  const { get } = at.objects;
  at.objects.get = () => Promise.reject(new Error('timed out'));
  await expect(at.run()).rejects.toThrow('timed out');
  at.objects.get = get;
  expect(await at.run()).toEqual({ sent: 1 });
});

test('every channel gets every message, once', async () => {
  const at = office();
  await at.holds({ shop: [] });
  expect(await at.run()).toEqual({ sent: 1 });
  expect(await at.run()).toEqual({ sent: 0 });
  expect(at.heard.map(({ attributes }) => attributes.type)).toEqual(['summary', 'summary']);
});

test('one channel that is down keeps the other from nothing, and is told later, with the same id', async () => {
  const at = office();
  await at.holds({ shop: [] });
  await at.run();
  at.heard.length = 0;
  await at.holds({ shop: [troubled()] });
  at.isDown.chat = true;
  await expect(at.run()).rejects.toThrow('chat is down');
  expect(at.heard).toHaveLength(1);
  at.isDown.chat = false;
  expect(await at.run()).toEqual({ sent: 1 });
  expect(new Set(at.heard.map(({ id }) => id)).size).toBe(1);
  expect(at.heard).toHaveLength(3);
});

test('a message that is refused keeps no other from people, and no other is repeated for it', async () => {
  const at = office();
  await at.holds({ api: [], shop: [] });
  await at.run();
  at.heard.length = 0;
  await at.holds({ api: [troubled()], shop: [troubled()] });
  at.refuses = 'api';
  await expect(at.run()).rejects.toThrow('refused');
  await expect(at.run()).rejects.toThrow('refused');
  const certificates = () => at.heard.map(({ attributes }) => attributes.certificate);
  expect(certificates()).toEqual(['shop', 'shop']);
  at.refuses = null;
  expect(await at.run()).toEqual({ sent: 1 });
  expect(certificates().slice(2)).toEqual(['api', 'api']);
  expect(await at.run()).toEqual({ sent: 0 });
});

test('the end of trouble that could not be told is told later', async () => {
  const at = office();
  await at.holds({ shop: [] });
  await at.run();
  await at.holds({ shop: [troubled()] });
  await at.run();
  await at.holds({ shop: [] });
  at.isDown.mail = true;
  await expect(at.run()).rejects.toThrow('mail is down');
  at.isDown.mail = false;
  at.heard.length = 0;
  expect(await at.run()).toEqual({ sent: 1 });
  expect(at.heard[0]?.subject).toBe('certkeep well again: shop');
});

test('as long as nobody listens nothing counts as told, and whoever confirms hears everything', async () => {
  const at = office();
  await at.holds({ shop: [troubled()] }, [nobody]);
  expect(await at.run()).toEqual({ sent: 0 });
  await at.holds({ shop: [troubled()] });
  expect(await at.run()).toEqual({ sent: 1 });
  expect(at.heard[0]?.text).toContain('shop cannot be renewed by letsencrypt: CaaForbids');
});

test('alert says once an hour that it came, also while nothing is to be told', async () => {
  const at = office();
  const cameAt = async () => (await at.told.read())?.cameAt;
  await at.holds({ shop: [] });
  await at.run();
  const first = at.clock.now().toISOString();
  expect(await cameAt()).toBe(first);
  at.clock.advance(hourMs - 1);
  await at.run();
  expect(await cameAt()).toBe(first);
  at.clock.advance(1);
  await at.run();
  expect(await cameAt()).toBe(at.clock.now().toISOString());
});

test('alert does not say that it came where a message was refused, or where nobody listens', async () => {
  const at = office();
  await at.holds({ shop: [] });
  await at.run();
  const first = at.clock.now().toISOString();
  at.clock.advance(2 * hourMs);
  await at.holds({ shop: [troubled()] });
  at.isDown.mail = true;
  await expect(at.run()).rejects.toThrow('mail is down');
  at.isDown.mail = false;
  await at.holds({ shop: [troubled()] }, [nobody]);
  await at.run();
  expect((await at.told.read())?.cameAt).toBe(first);
});

test('alert does not say that it came where it could not tell anybody, and fails until it could', async () => {
  const at = office();
  const cameAt = async () => (await at.told.read())?.cameAt;
  await at.holds({ shop: [] });
  await at.run();
  const first = at.clock.now().toISOString();
  at.prove = () => Promise.reject(new CertkeepError('AlertNotSent', 'its role does not allow it'));
  await at.run();
  at.clock.advance(hourMs);
  await expect(at.run()).rejects.toThrow('its role does not allow it');
  await expect(at.run()).rejects.toThrow('its role does not allow it');
  expect(await cameAt()).toBe(first);
  at.prove = async () => undefined;
  await at.run();
  expect(await cameAt()).toBe(at.clock.now().toISOString());
});

test('where nobody knows whether it could tell people, alert says that it came', async () => {
  const at = office();
  await at.holds({ shop: [] });
  await at.run();
  at.clock.advance(hourMs);
  at.prove = () => Promise.reject(new Error('IAM is down'));
  expect(await at.run()).toEqual({ sent: 0 });
  expect((await at.told.read())?.cameAt).toBe(at.clock.now().toISOString());
});

test('a topic of the user gets every message too, with the same id, even where nobody has confirmed', async () => {
  const at = office();
  at.beside = 'takes';
  await at.holds({ shop: [troubled()] }, [nobody]);
  expect(await at.run()).toEqual({ sent: 1 });
  expect(at.heardBeside).toEqual(at.heard.slice(0, 1));
  expect(await at.refusals()).toEqual({});
});

test('what a topic of the user refuses is sent to nobody twice, and is written down until it takes a message', async () => {
  const at = office();
  at.beside = 'refuses';
  await at.holds({ shop: [troubled()] });
  expect(await at.run()).toEqual({ sent: 1 });
  const since = at.clock.now().toISOString();
  const refusal = { since, by: 'message', message: 'their topic is closed' };
  expect(await at.refusals()).toEqual({ [theirs]: refusal });
  expect((await at.told.read())?.cameAt).toBe(since);
  at.clock.advance(hourMs);
  at.beside = 'takes';
  // A proof that the role may publish does not say that the topic takes it.
  expect(await at.run()).toEqual({ sent: 0 });
  expect(await at.refusals()).toEqual({ [theirs]: refusal });
  at.clock.advance(dayMs);
  expect(await at.run()).toEqual({ sent: 1 });
  expect(await at.refusals()).toEqual({});
});

test('a topic of the user that does not answer holds up no message, and nothing is sent twice', async () => {
  const at = office();
  await at.holds({ api: [], shop: [] });
  await at.run();
  at.heard.length = 0;
  at.beside = 'hangs';
  await at.holds({ api: [troubled()], shop: [troubled()] });
  expect(await at.run()).toEqual({ sent: 2 });
  expect(await at.refusals()).toMatchObject({
    [theirs]: { by: 'message', message: 'it did not answer within 0.005 seconds' },
  });
  expect(await at.run()).toEqual({ sent: 0 });
  expect(at.heard).toHaveLength(4);
});

test('a right to a topic of the user that is missing is found within an hour, and its return as well', async () => {
  const at = office();
  at.beside = 'takes';
  await at.holds({ shop: [] });
  await at.run();
  at.clock.advance(hourMs);
  at.beside = 'refuses-proofs';
  expect(await at.run()).toEqual({ sent: 0 });
  expect(await at.refusals()).toMatchObject({ [theirs]: { by: 'proof' } });
  at.clock.advance(hourMs);
  at.beside = 'takes';
  await at.run();
  expect(await at.refusals()).toEqual({});
});

test('of a topic of the user that has left the configuration nothing stays written down', async () => {
  const at = office();
  at.beside = 'refuses';
  await at.holds({ shop: [troubled()] });
  await at.run();
  at.beside = null;
  at.clock.advance(hourMs);
  await at.run();
  expect(await at.refusals()).toEqual({});
});

test('people who have not confirmed the alarms get the messages all the same', async () => {
  const at = office();
  await at.holds({ shop: [troubled()] }, [{ ...nobody, about: 'certkeep-watch' }]);
  expect(await at.run()).toEqual({ sent: 1 });
});

test('a run leaves it to another that has told something else meanwhile', async () => {
  const at = office();
  await at.holds({ api: [], shop: [] });
  await at.run();
  at.heard.length = 0;
  await at.holds({ api: [], shop: [troubled()] });
  at.objects.beforeNextWrite(async () => {
    await at.holds({ api: [troubled()], shop: [troubled()] });
    expect(await at.run()).toEqual({ sent: 2 });
  });
  expect(await at.run()).toEqual({ sent: 0 });
  const certificates = at.heard.map(({ attributes }) => attributes.certificate);
  expect(certificates.toSorted()).toEqual(['api', 'api', 'shop', 'shop']);
});

test('two runs at once say the same, with the same ids', async () => {
  const at = office();
  await at.holds({ shop: [troubled()] });
  await Promise.all([at.run(), at.run()]);
  expect(new Set(at.heard.map(({ id }) => id)).size).toBe(1);
  expect(await at.run()).toEqual({ sent: 0 });
});

test('messages leave more slowly than SNS suspends an address for', async () => {
  const at = office();
  await at.holds({ a: [], b: [], c: [] });
  await at.run();
  const begun = at.clock.now().getTime();
  await at.holds({ a: [troubled()], b: [troubled()], c: [troubled()] });
  expect(await at.run()).toEqual({ sent: 3 });
  // Ten a second (sns-email-notifications.html).
  expect(at.clock.now().getTime() - begun).toBeGreaterThanOrEqual(2 * 250);
});
