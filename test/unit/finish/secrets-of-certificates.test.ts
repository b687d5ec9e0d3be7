import { expect, test } from 'vitest';
import { secretsOfCertificates } from '#shared/finish/sync/secrets-of-certificates.ts';
import { accountKeyName } from '#shared/issuers/account-name.ts';
import type { SecretReplica } from '#shared/keystores/key-store.ts';
import { issuers } from '#test/support/healthy.ts';
import { fleetOf, region } from './regions-lab.ts';
import { inSync, lost } from './sync-lab.ts';

const account = accountKeyName({ directory: issuers.local?.directory ?? '' });

function replication(own: SecretReplica, ofAccount: SecretReplica) {
  const looked: string[] = [];
  const secretsIn = secretsOfCertificates(fleetOf(3), {
    ofVersion: async () => own,
    async ofAccount(name, there) {
      looked.push(`${name} in ${there}`);
      return ofAccount;
    },
  });
  return { looked, secretsIn };
}

test('a certificate is in sync where its secret and those of its accounts are', async () => {
  const { secretsIn, looked } = replication(inSync, inSync);
  expect(await secretsIn('c0', 'v1', region)).toEqual(inSync);
  expect(looked).toEqual([`${account} in ${region}`]);
});

test('it is behind while the secret of an account is', async () => {
  const { secretsIn } = replication(inSync, lost);
  expect(await secretsIn('c0', 'v1', region)).toEqual(lost);
});

test('an account that many certificates share is looked at once in a run', async () => {
  const { secretsIn, looked } = replication(inSync, inSync);
  await Promise.all(['c0', 'c1', 'c2'].map((id) => secretsIn(id, 'v1', region)));
  await secretsIn('c0', 'v1', 'ap-south-1');
  expect(looked).toEqual([`${account} in ${region}`, `${account} in ap-south-1`]);
});
