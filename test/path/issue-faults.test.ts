import { afterEach, expect, test } from 'vitest';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { txtAt } from '#test/support/dns.ts';
import { configText } from '#test/support/fleet.ts';
import { startWorld, type World } from '#test/support/world.ts';

let world: World;
afterEach(() => world?.close());

const oneName = configText('  shop: {names: [example.com], issuer: local}\n');
const message = { Records: [{ body: JSON.stringify({ certificate: 'shop' }) }] };

function finalized(): number {
  return world.cloud.ca.ledger().orders.filter(({ finalizedTimes }) => finalizedTimes > 0).length;
}

function refuseAcme(operation: string, code: string, status: number, times = 1, skip = 0): void {
  world.cloud.faults.add({
    when: (call) => call.service === 'acme' && call.operation === operation,
    fault: { do: 'refuse', code, status },
    times,
    skip,
  });
}

function happened(): readonly string[] {
  return world.events().map(({ severity, summary }) => `${severity}: ${summary}`);
}

/** As if a person had deleted the challenge values. */
function removeTxt(name: string): void {
  for (const { records } of world.cloud.route53.publicZones()) {
    (records.get(name) as Map<string, unknown> | undefined)?.delete('TXT');
  }
}

test('a stray message while an attempt waits leaves its challenge values published', async () => {
  world = await startWorld(oneName);
  refuseAcme('order', 'serverInternal', 500);
  await world.check();
  await world.dispatcher.invoke('issue', message);
  expect(world.record('shop').acquireFailure?.error).toBe('IssuerUnreachable');
  expect(world.record('shop').txt).toHaveLength(1);
  expect(txtAt(world, '_acme-challenge.example.com')).toHaveLength(1);
});

test('an order that turned invalid between two runs is explained, and its values are taken away', async () => {
  world = await startWorld(oneName, { ca: { validationMs: minuteMs } });
  world.cloud.faults.add({
    when({ operation }) {
      // Before the CA can look, however long an answer is under way.
      if (operation === 'challenge') removeTxt('_acme-challenge.example.com.');
      return operation === 'order';
    },
    fault: { do: 'refuse', code: 'serverInternal', status: 500 },
  });
  await world.check();
  expect(world.record('shop').acquireFailure?.error).toBe('IssuerUnreachable');
  world.clock.advance(hourMs);
  await world.dispatcher.invoke('issue', message);
  expect(world.record('shop').txt).toEqual([]);
  expect(world.record('shop').acquireFailure).toMatchObject({
    error: 'OrderInvalid',
    message: expect.stringContaining('example.com: '),
  });
});

test('an order that the CA cannot find for a moment is not ordered and finalized again', async () => {
  world = await startWorld(oneName);
  refuseAcme('order', 'malformed', 404, 1, 1);
  await world.check();
  await world.live(hourMs);
  expect(finalized()).toBe(1);
  expect(happened()).toHaveLength(1);
});

test('two certificates for the same names and different keys are both issued although the CA reuses the open order', async () => {
  world = await startWorld(
    configText(
      '  ec: {names: [example.com], issuer: local}\n  rsa: {names: [example.com], issuer: local, key: rsa-2048}\n',
    ),
  );
  await world.check();
  await world.live(hourMs);
  expect(world.record('ec').versions).toHaveLength(1);
  expect(world.record('rsa').versions).toHaveLength(1);
  expect(finalized()).toBe(2);
  expect(world.logs.filter(({ outcome }) => outcome === 'taken')).toHaveLength(1);
  // The second orders anew in the same run.
  expect(world.logs.filter(({ outcome }) => outcome === 'OrderTimedOut')).toEqual([]);
  expect(happened().filter((each) => each.includes('could not'))).toEqual([]);
});

test('a key store that cannot be read is told and tried again, and issues nothing meanwhile', async () => {
  world = await startWorld(oneName);
  world.cloud.faults.add({
    when: ({ operation, caller }) => operation === 'DescribeSecret' && caller === 'issue',
    fault: { do: 'refuse', code: 'AccessDeniedException', status: 400 },
  });
  await world.check();
  expect(world.record('shop').acquireFailure?.error).toBe('KeyStoreUnreadable');
  expect(world.cloud.ca.ledger().orders).toHaveLength(0);
  await world.live(hourMs);
  expect(finalized()).toBe(1);
});

test('certificates of 45 days are renewed without a warning that they expire', async () => {
  world = await startWorld(oneName, { ca: { validityMs: 45 * dayMs } });
  await world.check();
  // The CA's window is over, wherever in it the renewal was drawn.
  world.clock.advance(30 * dayMs + 10 * hourMs);
  await world.live(hourMs);
  expect(finalized()).toBe(2);
  expect(happened().filter((each) => each.includes('expire'))).toEqual([]);
  expect(world.told().filter((subject) => /renewed|expired/.test(subject))).toEqual([]);
});

test('a version whose last write was taken but never answered is issued, not failed', async () => {
  world = await startWorld(oneName);
  const isPromoted = () =>
    world.cloud.faults.calls.some(({ operation }) => operation === 'UpdateSecretVersionStage');
  world.cloud.faults.add({
    when: ({ operation, caller, input }) =>
      operation === 'PutObject' &&
      caller === 'issue' &&
      String((input as { Key?: string }).Key).startsWith('records/') &&
      isPromoted(),
    fault: { do: 'lose-answer' },
    times: 3,
  });
  await world.check();
  expect(world.record('shop').desired).not.toBeNull();
  await world.live(hourMs);
  expect(finalized()).toBe(1);
  expect(happened()).toEqual(['info: shop was issued by local and stored']);
});
