import { certificateFor } from 'local-cloud/kit/clouds/certificates.ts';
import { clientsOf } from 'local-cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, otherRegion } from 'local-cloud/kit/clouds/cloud.ts';
import { onBothClouds } from 'local-cloud/kit/clouds/on-both-clouds.ts';
import { beforeEach, expect, test } from 'vitest';
import { type Stage, stageOn } from './stage.ts';

onBothClouds('store and sync', (opened) => {
  let cloud: CloudUnderTest;
  let stage: Stage;
  beforeEach(async () => {
    cloud = opened();
    await cloud.reset();
    stage = await stageOn(cloud, { targetsYaml: ' []' });
  });

  test('store seals the key, makes the version current and the record desire it', async () => {
    const version = await stage.store('v1');
    expect((await stage.keyStore.current('shop'))?.versionId).toBe('v1');
    expect((await stage.record()).desired).toBe('v1');
    const { s3 } = clientsOf(cloud);
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: stage.bucket });
    const bodies = await Promise.all(
      Contents.map(async ({ Key }) =>
        (await s3.getObject({ Bucket: stage.bucket, Key })).Body?.transformToString(),
      ),
    );
    expect(bodies.join('\n')).toContain(version.serial);
    expect(bodies.join('\n')).not.toContain('PRIVATE KEY');
  });

  test('store can be repeated, and a stored version takes no other certificate', async () => {
    const made = await certificateFor(cloud, { key: 'rsa-2048' });
    await stage.store('v1', made);
    const before = await stage.keyStore.readVersion('shop', 'v1');
    await stage.store('v1', made);
    await expect(stage.store('v1')).rejects.toMatchObject({ name: 'StoredVersionDiffers' });
    expect(await stage.keyStore.readVersion('shop', 'v1')).toEqual(before);
    expect((await stage.record()).versions).toHaveLength(1);
  });

  test('sync copies what is public and finds the secret in the other region', async () => {
    await stage.store('v1');
    await stage.sync();
    expect((await stage.record()).replicas[otherRegion]).toMatchObject({
      versionId: 'v1',
      secretInSync: true,
    });
    const { s3 } = clientsOf(cloud, otherRegion);
    const { Contents = [] } = await s3.listObjectsV2({ Bucket: stage.replica });
    expect(Contents.map(({ Key }) => Key?.split('/').at(-1))).toEqual([
      'record.json',
      'certificate.pem',
      'chain.pem',
    ]);
  });
});
