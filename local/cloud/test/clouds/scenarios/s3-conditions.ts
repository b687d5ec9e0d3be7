import { expect } from 'vitest';
import { clientsOf } from '#cloud/kit/clouds/clients.ts';
import { type CloudUnderTest, uniqueName } from '#cloud/kit/clouds/cloud.ts';
import { refused, type ScenarioGroup } from '../scenario.ts';

/** A versioned bucket, as the ledger's. */
async function versioned(cloud: CloudUnderTest) {
  const { s3 } = clientsOf(cloud);
  const Bucket = uniqueName('bucket');
  await s3.createBucket({ Bucket });
  const VersioningConfiguration = { Status: 'Enabled' } as const;
  await s3.putBucketVersioning({ Bucket, VersioningConfiguration });
  const at = { Bucket, Key: 'certificates/shop/record.json' };
  const put = (text: string, condition: object = {}) =>
    s3.putObject({ ...at, Body: Buffer.from(text), ...condition });
  const text = async (VersionId?: string) => {
    const { Body } = await s3.getObject({ ...at, ...(VersionId && { VersionId }) });
    return Body?.transformToString();
  };
  return { s3, at, put, text };
}

const ifNone = { IfNoneMatch: '*' };

export const s3Conditions: ScenarioGroup = {
  title: 'S3, conditional writes and versions',
  scenarios: {
    'If-None-Match writes where nothing is': async (cloud) => {
      const { put, text } = await versioned(cloud);
      await put('one', ifNone);
      expect(await text()).toBe('one');
    },
    'If-None-Match fails where something is': async (cloud) => {
      const { put, text } = await versioned(cloud);
      await put('one');
      await refused(put('two', ifNone), 'PreconditionFailed');
      expect(await text()).toBe('one');
    },
    'If-None-Match writes over a delete marker': async (cloud) => {
      const { s3, at, put, text } = await versioned(cloud);
      await put('one');
      await s3.deleteObject(at);
      await put('two', ifNone);
      expect(await text()).toBe('two');
    },
    'of writers that race with If-None-Match one wins': async (cloud) => {
      const { put } = await versioned(cloud);
      const writers = ['a', 'b', 'c', 'd'].map((text) => put(text, ifNone));
      const outcomes = (await Promise.allSettled(writers)).map(({ status }) => status);
      expect(outcomes.filter((each) => each === 'fulfilled')).toHaveLength(1);
    },
    'of two writers at once the one that loses is told of a conflict or a broken condition': async (
      cloud,
    ) => {
      const { put, text } = await versioned(cloud);
      const { ETag } = await put('one');
      const writers = ['two', 'three'].map((each) => put(each, { IfMatch: ETag }));
      const [winner, loser] = (await Promise.allSettled(writers)).toSorted((a, b) =>
        a.status.localeCompare(b.status),
      );
      expect([winner?.status, loser?.status]).toEqual(['fulfilled', 'rejected']);
      const { name } = (loser as PromiseRejectedResult).reason;
      expect(['ConditionalRequestConflict', 'PreconditionFailed']).toContain(name);
      expect(['two', 'three']).toContain(await text());
    },
    'If-Match writes where the ETag is that of the object': async (cloud) => {
      const { put, text } = await versioned(cloud);
      const { ETag } = await put('one');
      await put('two', { IfMatch: ETag });
      expect(await text()).toBe('two');
    },
    'If-Match fails where the object has changed': async (cloud) => {
      const { put, text } = await versioned(cloud);
      const { ETag } = await put('one');
      await put('two');
      await refused(put('three', { IfMatch: ETag }), 'PreconditionFailed');
      expect(await text()).toBe('two');
    },
    'If-Match of what is not there is not found': async (cloud) => {
      const { put } = await versioned(cloud);
      const answer = put('one', { IfMatch: '"0123456789abcdef0123456789abcdef"' });
      await refused(answer, 'NoSuchKey');
    },
    'If-Match of what is deleted is not found': async (cloud) => {
      const { s3, at, put } = await versioned(cloud);
      const { ETag } = await put('one');
      await s3.deleteObject(at);
      await refused(put('two', { IfMatch: ETag }), 'NoSuchKey');
    },
    'a delete with If-Match spares what has changed': async (cloud) => {
      const { s3, at, put, text } = await versioned(cloud);
      const { ETag } = await put('one');
      await put('two');
      await refused(s3.deleteObject({ ...at, IfMatch: ETag }), 'PreconditionFailed');
      expect(await text()).toBe('two');
    },
    'a read with If-None-Match of the same ETag is not modified': async (cloud) => {
      const { s3, at, put } = await versioned(cloud);
      const { ETag } = await put('one');
      const answer = s3.getObject({ ...at, IfNoneMatch: ETag });
      await expect(answer).rejects.toMatchObject({ $metadata: { httpStatusCode: 304 } });
    },
    'the ETag is in quotation marks, the same for a read as for the write': async (cloud) => {
      const { s3, at, put } = await versioned(cloud);
      const { ETag } = await put('one');
      expect(ETag).toMatch(/^".+"$/);
      expect((await s3.getObject(at)).ETag).toBe(ETag);
      expect((await s3.headObject(at)).ETag).toBe(ETag);
    },
    'every write makes a version, and each can be read': async (cloud) => {
      const { put, text } = await versioned(cloud);
      const { VersionId: first } = await put('one');
      await put('two');
      expect(await text(first)).toBe('one');
      expect(await text()).toBe('two');
    },
    'a delete leaves a marker, and the versions before it': async (cloud) => {
      const { s3, at, put, text } = await versioned(cloud);
      const { VersionId } = await put('one');
      expect((await s3.deleteObject(at)).DeleteMarker).toBe(true);
      await refused(text(), 'NoSuchKey');
      expect(await text(VersionId)).toBe('one');
      const listed = await s3.listObjectVersions({ Bucket: at.Bucket });
      expect(listed.DeleteMarkers).toMatchObject([{ Key: at.Key, IsLatest: true }]);
      expect(listed.Versions).toMatchObject([{ VersionId, IsLatest: false }]);
    },
    'a failed conditional write makes no version': async (cloud) => {
      const { s3, at, put } = await versioned(cloud);
      await put('one');
      await refused(put('two', ifNone), 'PreconditionFailed');
      const { Versions } = await s3.listObjectVersions({ Bucket: at.Bucket });
      expect(Versions).toHaveLength(1);
    },
    'a listing shows the keys under a prefix, in order': async (cloud) => {
      const { s3, at } = await versioned(cloud);
      for (const Key of ['b/2', 'a/1', 'b/1']) {
        await s3.putObject({ ...at, Key, Body: Buffer.from('x') });
      }
      const { Contents } = await s3.listObjectsV2({ Bucket: at.Bucket, Prefix: 'b/' });
      expect(Contents?.map(({ Key }) => Key)).toEqual(['b/1', 'b/2']);
    },
  },
};
