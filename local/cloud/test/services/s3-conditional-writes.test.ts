import {
  CreateBucketCommand,
  DeleteObjectCommand,
  PutObjectCommand,
  S3Client,
} from '@aws-sdk/client-s3';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { type S3, s3, s3Service } from '#cloud/services/s3/service.ts';
import { virtualClock } from '#cloud/virtual-clock.ts';
import { ask } from '#cloud/wire/service.ts';
import { type LocalFront, localFront } from '../wire/local-front.ts';

const at = { Bucket: 'ledger', Key: 'certificates/www/record.json' };
let store: S3;
let front: LocalFront;
let client: S3Client;

beforeEach(async () => {
  store = s3({ clock: virtualClock() });
  front = await localFront([s3Service(store)]);
  client = new S3Client(front.configuration());
  await client.send(new CreateBucketCommand({ Bucket: at.Bucket }));
});
afterEach(() => front.close());

function put(Body: string, conditions: { IfMatch?: string; IfNoneMatch?: string }) {
  return client.send(new PutObjectCommand({ ...at, Body, ...conditions }));
}

test('one of two concurrent creations wins, and the other gets 409; a later one gets 412', async () => {
  const call = { region: 'us-east-1', account: '000000000000', accessKeyId: 'test' };
  const create = (text: string) => {
    const input = { ...at, Body: Buffer.from(text), IfNoneMatch: '*' };
    return ask<Promise<object>>(store, 'PutObject', input, call);
  };
  const outcomes = await Promise.allSettled([create('one'), create('two')]);
  expect(outcomes).toMatchObject([
    { status: 'fulfilled' },
    { reason: { code: 'ConditionalRequestConflict', status: 409 } },
  ]);
  await expect(create('three')).rejects.toMatchObject({ code: 'PreconditionFailed', status: 412 });
  expect(store.versionsOf(at.Bucket, at.Key)).toHaveLength(1);
});

test('a deletion during a conditional write is a conflict, too', async () => {
  const call = { region: 'us-east-1', account: '000000000000', accessKeyId: 'test' };
  const { ETag } = await put('one', {});
  const input = { ...at, Body: Buffer.from('two'), IfMatch: ETag };
  const answer = ask<Promise<object>>(store, 'PutObject', input, call);
  ask(store, 'DeleteObject', at, call);
  await expect(answer).rejects.toMatchObject({ code: 'ConditionalRequestConflict' });
});

test('a delete of whatever is there is not conditional on an ETag', async () => {
  await put('one', {});
  await client.send(new DeleteObjectCommand({ ...at, IfMatch: '*' }));
  expect(store.bytesOf(at.Bucket, at.Key)).toBeNull();
});

test('a retry after a lost answer meets its own write as 412', async () => {
  front.faults.add({
    when: ({ operation }) => operation === 'PutObject',
    fault: { do: 'lose-answer' },
  });
  const retrying = new S3Client(front.configuration({ maxAttempts: 2 }));
  const write = new PutObjectCommand({ ...at, Body: 'mine', IfNoneMatch: '*' });
  await expect(retrying.send(write)).rejects.toMatchObject({ name: 'PreconditionFailed' });
  expect(Buffer.from(store.bytesOf(at.Bucket, at.Key) ?? []).toString()).toBe('mine');
});

test('overlapping writes answer 409 when a fault asks for it', async () => {
  front.faults.add({
    when: ({ operation }) => operation === 'PutObject',
    fault: { do: 'refuse', code: 'ConditionalRequestConflict', status: 409 },
  });
  await expect(put('one', { IfNoneMatch: '*' })).rejects.toMatchObject({
    name: 'ConditionalRequestConflict',
    $metadata: { httpStatusCode: 409 },
  });
});
