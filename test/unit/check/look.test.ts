import { expect, test } from 'vitest';
import { readStatus } from '#shared/status/status-object.ts';
import { dayMs, hourMs, minuteMs } from '#shared/time/clock.ts';
import { desk } from '#test/support/check-desk.ts';
import { healthy, versionOf } from '#test/support/healthy.ts';

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
