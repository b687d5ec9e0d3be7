import { randomUUID } from 'node:crypto';
import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A secret whose first version is a placeholder, as the key store makes it. */
async function placeholder(cloud: CloudUnderTest, change: object = {}) {
  const { secrets } = clientsOf(cloud);
  const SecretId = `certkeep/${uniqueName('secret')}`;
  const first = randomUUID();
  const SecretString = 'placeholder';
  const create = { Name: SecretId, ClientRequestToken: first, SecretString, ...change };
  await secrets.createSecret(create);
  const put = (token: string, value: string, ...VersionStages: string[]) =>
    secrets.putSecretValue({
      SecretId,
      ClientRequestToken: token,
      SecretString: value,
      ...(VersionStages.length > 0 && { VersionStages }),
    });
  const move = (VersionStage: string, from: string | null, to: string | null) =>
    secrets.updateSecretVersionStage({
      SecretId,
      VersionStage,
      ...(from && { RemoveFromVersionId: from }),
      ...(to && { MoveToVersionId: to }),
    });
  const value = async (which: { VersionId?: string; VersionStage?: string } = {}) =>
    (await secrets.getSecretValue({ SecretId, ...which })).SecretString;
  const labels = async () => (await secrets.describeSecret({ SecretId })).VersionIdsToStages ?? {};
  return { secrets, SecretId, create, first, put, move, value, labels };
}

export const secretsVersions: ScenarioGroup = {
  title: 'Secrets Manager, versions and labels',
  scenarios: {
    'a first version is AWSCURRENT, and its id is the token': async (cloud) => {
      const { first, labels, value } = await placeholder(cloud);
      expect(await labels()).toEqual({ [first]: ['AWSCURRENT'] });
      expect(await value({ VersionId: first })).toBe('placeholder');
    },
    'a version with a label of its own does not become AWSCURRENT': async (cloud) => {
      const { first, put, labels, value } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-pending');
      expect(await labels()).toEqual({ [first]: ['AWSCURRENT'], [second]: ['certkeep-pending'] });
      expect(await value()).toBe('placeholder');
      expect(await value({ VersionId: second })).toBe('key');
    },
    'a version without labels of its own becomes AWSCURRENT': async (cloud) => {
      const { first, put, labels, value } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key');
      expect(await labels()).toEqual({ [first]: ['AWSPREVIOUS'], [second]: ['AWSCURRENT'] });
      expect(await value()).toBe('key');
    },
    'a version is read by its label': async (cloud) => {
      const { put, value } = await placeholder(cloud);
      await put(randomUUID(), 'key', 'certkeep-v1');
      expect(await value({ VersionStage: 'certkeep-v1' })).toBe('key');
    },
    'the same token with the same value changes nothing': async (cloud) => {
      const { put, labels } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-v1');
      const before = await labels();
      expect((await put(second, 'key', 'certkeep-v1')).VersionId).toBe(second);
      expect(await labels()).toEqual(before);
    },
    'the same token with the same value moves no label back': async (cloud) => {
      const { put, labels, value } = await placeholder(cloud);
      const [second, third] = [randomUUID(), randomUUID()] as const;
      await put(second, 'two');
      await put(third, 'three');
      const before = await labels();
      await put(second, 'two');
      expect(await labels()).toEqual(before);
      expect(await value()).toBe('three');
    },
    'the same token with another value is refused': async (cloud) => {
      const { put, value } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-v1');
      await refused(put(second, 'other', 'certkeep-v1'), 'ResourceExistsException');
      expect(await value({ VersionId: second })).toBe('key');
    },
    'a second secret of a name is refused': async (cloud) => {
      const { secrets, create } = await placeholder(cloud);
      const again = { ...create, ClientRequestToken: randomUUID(), SecretString: 'other' };
      await refused(secrets.createSecret(again), 'ResourceExistsException');
    },
    'AWSCURRENT moves, and AWSPREVIOUS follows it': async (cloud) => {
      const { first, put, move, labels } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-v1');
      await move('AWSCURRENT', first, second);
      const after = await labels();
      expect(after[second]?.toSorted()).toEqual(['AWSCURRENT', 'certkeep-v1']);
      expect(after[first]).toEqual(['AWSPREVIOUS']);
    },
    'a reader without a version gets the one that AWSCURRENT moved to': async (cloud) => {
      const { first, put, move, value } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-v1');
      await move('AWSCURRENT', first, second);
      await cloud.waits.untilConsistent();
      expect(await value()).toBe('key');
    },
    'a label that another version holds moves only when that one is named': async (cloud) => {
      const { put, move, labels } = await placeholder(cloud);
      const [second, third] = [randomUUID(), randomUUID()] as const;
      await put(second, 'two', 'certkeep-pending');
      await put(third, 'three', 'certkeep-v3');
      await refused(move('certkeep-pending', null, third), 'InvalidParameterException');
      await move('certkeep-pending', second, third);
      expect((await labels())[third]?.toSorted()).toEqual(['certkeep-pending', 'certkeep-v3']);
    },
    'a label is taken away': async (cloud) => {
      const { put, move, labels } = await placeholder(cloud);
      const second = randomUUID();
      await put(second, 'key', 'certkeep-pending', 'certkeep-v1');
      await move('certkeep-pending', second, null);
      expect((await labels())[second]).toEqual(['certkeep-v1']);
    },
    'AWSCURRENT cannot be taken away': async (cloud) => {
      const { first, move } = await placeholder(cloud);
      await refused(move('AWSCURRENT', first, null), 'InvalidParameterException');
    },
    'a label that a new version is given leaves the one that had it': async (cloud) => {
      const { put, labels } = await placeholder(cloud);
      const [second, third] = [randomUUID(), randomUUID()] as const;
      await put(second, 'two', 'certkeep-pending');
      await put(third, 'three', 'certkeep-pending');
      const after = await labels();
      expect(after[third]).toEqual(['certkeep-pending']);
      // Deprecated without a label: Secrets Manager may show it still or not.
      expect(after[second] ?? []).toEqual([]);
    },
    'a version that is not there is not found': async (cloud) => {
      const { value } = await placeholder(cloud);
      await refused(value({ VersionId: randomUUID() }), 'ResourceNotFoundException');
    },
    'a secret that is not there is not found': async (cloud) => {
      const { secrets } = clientsOf(cloud);
      const SecretId = uniqueName('gone');
      await refused(secrets.getSecretValue({ SecretId }), 'ResourceNotFoundException');
      await refused(secrets.describeSecret({ SecretId }), 'ResourceNotFoundException');
    },
    'a value of more than 65,536 bytes is refused': async (cloud) => {
      const { put } = await placeholder(cloud);
      await put(randomUUID(), 'x'.repeat(65_536), 'certkeep-v1');
      await refused(put(randomUUID(), 'x'.repeat(65_537), 'certkeep-v2'), null);
    },
    'a token of fewer than 32 characters is refused': async (cloud) => {
      const { put } = await placeholder(cloud);
      await refused(put('short', 'key', 'certkeep-v1'), null);
    },
    'a secret that is scheduled for deletion cannot be read': async (cloud) => {
      const { secrets, SecretId, value } = await placeholder(cloud);
      await secrets.deleteSecret({ SecretId });
      await refused(value(), 'InvalidRequestException');
    },
    'a secret is not seen from another region': async (cloud) => {
      const { SecretId } = await placeholder(cloud);
      const { secrets } = clientsOf(cloud, otherRegion);
      await refused(secrets.describeSecret({ SecretId }), 'ResourceNotFoundException');
    },
  },
};
