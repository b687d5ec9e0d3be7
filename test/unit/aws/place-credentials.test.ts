import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { beforeEach, expect, test } from 'vitest';
import { placeCredentials } from '#shared/adapters/place-credentials.ts';
import type { RoleSession } from '#shared/aws/kept-sessions.ts';
import { CertkeepError } from '#shared/errors.ts';
import { addMs, hourMs, minuteMs } from '#shared/time/clock.ts';

let clock: VirtualClock;
let asked: string[];
let refusal: Error | null;

beforeEach(() => {
  clock = virtualClock();
  asked = [];
  refusal = null;
});

async function assumeRole(roleArn: string): Promise<RoleSession> {
  const accessKeyId = `key ${asked.push(roleArn)}`;
  // STS takes a moment, in which others ask for the same.
  await new Promise((resolve) => setImmediate(resolve));
  if (refusal) throw refusal;
  return { accessKeyId, secretAccessKey: '', expiration: addMs(clock.now(), hourMs) };
}

function credentials(change: { region?: string; roleName?: string } = {}) {
  const { region = 'us-east-1', roleName = 'certkeep-r-place' } = change;
  const home = { account: '000000000000', region };
  return placeCredentials({ home, roleName, assumeRole, clock });
}

const elsewhere = '222222222222';

test('at home it assumes no role', () => {
  expect(credentials()('000000000000')).toBeUndefined();
});

test.each([
  ['us-east-1', 'arn:aws:iam::222222222222:role/certkeep-r-place'],
  ['cn-north-1', 'arn:aws-cn:iam::222222222222:role/certkeep-r-place'],
])('from %s the role is %s', async (region, roleArn) => {
  await credentials({ region })(elsewhere)?.();
  expect(asked).toEqual([roleArn]);
});

test('many callers at once wait for one session', async () => {
  const credentialsIn = credentials();
  const callers = Array.from({ length: 20 }, () => credentialsIn(elsewhere)?.());
  const keys = (await Promise.all(callers)).map((session) => session?.accessKeyId);
  expect(new Set(keys)).toEqual(new Set(['key 1']));
});

test('each account has a session of its own', async () => {
  const credentialsIn = credentials();
  const sessions = ['111111111111', '222222222222'].map((account) => credentialsIn(account)?.());
  expect(new Set((await Promise.all(sessions)).map((it) => it?.accessKeyId)).size).toBe(2);
});

test('a session is used until five minutes before its end, and then replaced once', async () => {
  const inAccount = credentials()(elsewhere);
  await inAccount?.();
  clock.advance(55 * minuteMs - 1);
  expect((await inAccount?.())?.accessKeyId).toBe('key 1');
  clock.advance(1);
  const both = await Promise.all([inAccount?.(), inAccount?.()]);
  expect(both.map((session) => session?.accessKeyId)).toEqual(['key 2', 'key 2']);
});

test('a refusal is told to all who wait, and asked again by the next', async () => {
  const inAccount = credentials()(elsewhere);
  refusal = new CertkeepError('PlaceNotReachable', 'no');
  const waiting = await Promise.allSettled([inAccount?.(), inAccount?.()]);
  expect(waiting.map(({ status }) => status)).toEqual(['rejected', 'rejected']);
  refusal = null;
  expect((await inAccount?.())?.accessKeyId).toBe('key 2');
});

test('without the name of a role another account is not reachable', async () => {
  const session = credentials({ roleName: '' })(elsewhere)?.();
  await expect(session).rejects.toMatchObject({
    name: 'PlaceNotReachable',
    message: expect.stringContaining(elsewhere),
  });
  expect(asked).toEqual([]);
});
