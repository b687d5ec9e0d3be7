import { AssumeRoleCommand, GetCallerIdentityCommand, STSClient } from '@aws-sdk/client-sts';
import { afterEach, expect, test } from 'vitest';
import { functionIdentity } from '#cloud/kit/function-identity.ts';
import { sts, stsService } from '#cloud/services/sts/service.ts';
import { type VirtualClock, virtualClock } from '#cloud/virtual-clock.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

let front: LocalFront;
let clock: VirtualClock;
afterEach(() => front.close());

async function start(mayAssume: Parameters<typeof sts>[0]['mayAssume'] = () => true) {
  clock = virtualClock();
  front = await localFront((accounts) => [stsService(sts({ clock, accounts, mayAssume }))]);
  front.accounts.register('AKIADEPLOY', functionIdentity('deploy'));
  return new STSClient(front.configuration({ accessKeyId: 'AKIADEPLOY' }));
}

const assume = new AssumeRoleCommand({
  RoleArn: 'arn:aws:iam::111111111111:role/certkeep/place',
  RoleSessionName: 'deploy',
  ExternalId: 'shared',
});

test('an assumed role acts in its own account and is still the same caller', async () => {
  const client = await start();
  const { Credentials } = await client.send(assume);
  const accessKeyId = Credentials?.AccessKeyId ?? '';
  const assumed = new STSClient(front.configuration({ accessKeyId }));
  expect(await assumed.send(new GetCallerIdentityCommand({}))).toMatchObject({
    Account: '111111111111',
    Arn: 'arn:aws:sts::111111111111:assumed-role/place/deploy',
  });
  expect(front.accounts.callerOf(accessKeyId)).toBe('deploy');
  expect(Credentials?.Expiration).toEqual(new Date('2026-11-22T04:00:00Z'));
});

test('a role that does not trust the caller is denied', async () => {
  const client = await start(({ externalId }) => externalId === 'other');
  await expect(client.send(assume)).rejects.toMatchObject({
    name: 'AccessDenied',
    $metadata: { httpStatusCode: 403 },
  });
});

test('the key of a session is refused once its time is over', async () => {
  const client = await start();
  const { Credentials } = await client.send(assume);
  const accessKeyId = Credentials?.AccessKeyId ?? '';
  const assumed = new STSClient(front.configuration({ accessKeyId }));
  clock.advance(3_600_000 - 1);
  await assumed.send(new GetCallerIdentityCommand({}));
  clock.advance(1);
  await expect(assumed.send(new GetCallerIdentityCommand({}))).rejects.toMatchObject({
    name: 'ExpiredTokenException',
  });
});
