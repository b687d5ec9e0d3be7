import { DescribeSecretCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;
beforeEach(async () => {
  lab = await secretsLab();
});
afterEach(() => lab.close());

async function labels(): Promise<readonly (readonly string[])[]> {
  const asked = new DescribeSecretCommand({ SecretId: 'certkeep-accounts/le' });
  const { VersionIdsToStages = {} } = await lab.sdk.send(asked);
  return Object.values(VersionIdsToStages).toSorted();
}

test('the next key of an account is labelled as long as it waits, and the old one stays as the previous', async () => {
  await lab.keyStore.accountKey('le', newKey);
  await lab.keyStore.storeNextAccountKey('le', 'one', newKey);
  expect(await labels()).toEqual([['AWSCURRENT'], ['certkeep-pending']]);
  await lab.keyStore.promoteAccountKey('le', 'one');
  expect(await labels()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  await lab.keyStore.storeNextAccountKey('le', 'two', newKey);
  await lab.keyStore.promoteAccountKey('le', 'two');
  expect(await labels()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
});

test.each(['PutSecretValue', 'UpdateSecretVersionStage'])(
  'a %s whose answer is lost makes no second key',
  async (operation) => {
    await lab.keyStore.accountKey('le', newKey);
    lab.front.faults.add({
      when: (call) => call.operation === operation,
      fault: { do: 'lose-answer' },
    });
    const key = await lab.keyStore.storeNextAccountKey('le', 'one', newKey);
    await lab.keyStore.promoteAccountKey('le', 'one');
    expect((await lab.keyStore.accountKey('le', newKey)).reveal()).toBe(key.reveal());
    expect(await labels()).toEqual([['AWSCURRENT'], ['AWSPREVIOUS']]);
  },
);

test('no key follows in a secret that is gone', async () => {
  const stored = lab.keyStore.storeNextAccountKey('le', 'one', newKey);
  await expect(stored).rejects.toMatchObject({ name: 'KeyStoreUnreadable' });
});
