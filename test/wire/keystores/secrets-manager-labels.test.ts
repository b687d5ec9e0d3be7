import { DescribeSecretCommand, PutSecretValueCommand } from '@aws-sdk/client-secrets-manager';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { wholeLedger } from '#local/demo/whole-ledger.ts';
import { storeVersion, withRoom } from '#shared/acquire/store/store.ts';
import type { KeyStore } from '#shared/keystores/key-store.ts';
import { heldRecord } from '#shared/ledger/lease.ts';
import { s3Ledger } from '#shared/ledger/s3-ledger.ts';
import { dayMs } from '#shared/time/clock.ts';
import { fakeObjectStore } from '#test/support/fake-object-store.ts';
import { configWith, versionOf } from '#test/support/healthy.ts';
import { material, newKey, type SecretsLab, secretsLab } from './secrets-lab.ts';

let lab: SecretsLab;
beforeEach(async () => {
  lab = await secretsLab();
});
afterEach(() => lab.close());

const SecretId = 'certkeep/shop';

/** Issue's store, over the local Secrets Manager. */
function store() {
  const objects = fakeObjectStore();
  const ledger = s3Ledger({ objects, clock: lab.clock, writer: 'issue' });
  const mine = heldRecord((change) => ledger.update('shop', change));
  const ports = { keyStore: lab.keyStore, objects, mine, config: configWith(), clock: lab.clock };
  return {
    ledger,
    whole: wholeLedger({ objects, clock: lab.clock }),
    keyFor: (id: string) =>
      withRoom(ports, 'shop', id, () => lab.keyStore.storeKey('shop', id, newKey())),
    async renewed(id: string, keyStore: KeyStore = lab.keyStore) {
      const version = versionOf({
        id,
        notAfter: new Date(+lab.clock.now() + 90 * dayMs).toISOString(),
      });
      await storeVersion({ ...ports, keyStore }, 'shop', version, material(newKey()));
      lab.clock.advance(60 * dayMs);
    },
  };
}

async function labels(): Promise<readonly string[]> {
  const { VersionIdsToStages = {} } = await lab.sdk.send(new DescribeSecretCommand({ SecretId }));
  return Object.values(VersionIdsToStages).flat();
}

async function addLabels(names: readonly string[]): Promise<void> {
  for (const name of names) {
    const change = { SecretId, SecretString: name, VersionStages: [name] };
    await lab.sdk.send(new PutSecretValueCommand(change));
  }
}

test('thirty places that come and go leave room for the next version', async () => {
  const { ledger, renewed, whole } = store();
  for (let n = 1; n <= 31; n += 1) {
    await renewed(`v${n}`);
    // As deploy leaves it in a place whose account is closed afterwards.
    await whole.update('shop', (record) => ({
      ...record,
      imports: {
        ...record.imports,
        [`2222222222${n + 10}/us-east-1`]: {
          arn: `arn${n}`,
          versionId: `v${n}`,
          importing: null,
          previousVersionId: null,
          retired: [],
          importedAt: record.updatedAt,
          publishedArn: null,
          publishFailure: null,
          leaving: null,
        },
      },
    }));
  }
  expect((await labels()).length).toBeLessThan(10);
  expect((await ledger.read('shop'))?.versions.map(({ id }) => id)).toEqual([
    'v28',
    'v29',
    'v30',
    'v31',
  ]);
});

test('a secret that is full of labels of versions that are kept no longer takes the next key and version', async () => {
  const { keyFor, renewed } = store();
  await renewed('v1');
  const held = await labels();
  await addLabels(Array.from({ length: 20 - held.length }, (_, n) => `certkeep-left-${n}`));
  expect(await labels()).toHaveLength(20);
  await keyFor('v2');
  await renewed('v2');
  expect((await labels()).toSorted()).toEqual([
    'AWSCURRENT',
    'AWSPREVIOUS',
    'certkeep-v1',
    'certkeep-v2',
  ]);
});

test('labels that somebody else has put there stay, and where they fill the secret the error says so', async () => {
  const { renewed } = store();
  await renewed('v1');
  const held = await labels();
  const theirs = Array.from({ length: 20 - held.length }, (_, n) => `theirs-${n}`);
  await addLabels(theirs);
  await expect(renewed('v2')).rejects.toMatchObject({
    name: 'KeyStoreFull',
    message: expect.stringContaining('no more than 20 staging labels'),
  });
  expect(await labels()).toEqual(expect.arrayContaining(theirs));
});
