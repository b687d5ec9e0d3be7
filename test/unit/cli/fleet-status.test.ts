import { expect, test } from 'vitest';
import { fleetStatus as readFleet } from '#cli/see/status/read-status.ts';
import { statusKey, statusText } from '#shared/status/status-object.ts';
import { logCommand } from '#shared/text/log-command.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { fleetStatus } from '#test/support/fleet-status.ts';

const location = { installation: 'certkeep', account: '123456789012', region: 'us-east-1' };
const installation = { name: 'certkeep', account: '123456789012', region: 'us-east-1' };
const logs = logCommand('/aws/lambda/certkeep-check', 'us-east-1');

async function read(text: string) {
  const objects = fakeObjectStore();
  await objects.put(statusKey, text, 'application/json');
  return readFleet({ location, objects });
}

test('what check has written is read as it is', async () => {
  const status = { ...fleetStatus({ shop: [] }), installation };
  expect(await read(statusText(status))).toEqual(status);
});

test('an object that names another installation does not change what commands name', async () => {
  const forged = { name: '$(reboot)', account: '1; reboot', region: '`reboot`' };
  const status = { ...fleetStatus({ shop: [] }), installation: forged };
  expect((await read(statusText(status))).installation).toEqual(installation);
});

test.each([
  ['no JSON', 'no JSON', /cannot be read; the next check writes it anew$/, logs],
  ['another form', '{"schemaVersion":1}', /cannot be read/, logs],
  ['a newer form', '{"schemaVersion":2}', /of a newer release/, 'npx certkeep --version'],
])('%s is refused with the next command', async (_, text, message, next) => {
  await expect(read(text)).rejects.toMatchObject({ message: expect.stringMatching(message), next });
});

test('where check has not come to its end yet, its log is what to read', async () => {
  await expect(readFleet({ location, objects: fakeObjectStore() })).rejects.toMatchObject({
    message: expect.stringContaining('has no status/status.json'),
    next: logs,
  });
});
