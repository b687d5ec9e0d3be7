import { createHash, createHmac } from 'node:crypto';
import { CreateBucketCommand, S3Client } from '@aws-sdk/client-s3';
import { s3, s3Service } from 'local-cloud/services/s3/service.ts';
import { type LocalFront, localFront } from 'local-cloud/test/wire/local-front.ts';
import { type VirtualClock, virtualClock } from 'local-cloud/virtual-clock.ts';
import { homeAccount } from 'local-cloud/wire/accounts.ts';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { s3ObjectStore } from '#shared/adapters/s3-object-store.ts';
import type { ObjectStore } from '#shared/object-store.ts';
import { withinDeadline } from '#shared/time/deadline.ts';
import { localClientOptions } from '#test/support/local-client-options.ts';

type Sent = {
  readonly method: string;
  readonly path: string;
  readonly query: Readonly<Record<string, string>>;
  readonly headers: Readonly<Record<string, string>>;
};

const bucket = 'certkeep-ledger';
let front: LocalFront;
let clock: VirtualClock;
let store: ObjectStore;
let secretKey: string;
/** The reads, as they were sent. */
let sent: Sent[];

beforeEach(async () => {
  clock = virtualClock();
  sent = [];
  front = await localFront([s3Service(s3({ clock }))]);
  const options = localClientOptions(front);
  const { credentials, requestHandler } = options;
  secretKey = credentials && 'secretAccessKey' in credentials ? credentials.secretAccessKey : '';
  const client = new S3Client({
    ...options,
    requestHandler: {
      ...requestHandler,
      handle(request: never, more: never) {
        const each = request as unknown as Sent;
        if (each.method === 'GET') sent.push(each);
        return requestHandler.handle(request, more);
      },
    },
  });
  await client.send(new CreateBucketCommand({ Bucket: bucket }));
  store = s3ObjectStore({ client, bucket, owner: homeAccount, clock });
});

afterEach(() => front.close());

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) =>
  createHmac('sha256', key).update(text).digest();

/**
 * Signs a request that was sent, apart from the SDK:
 * https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_sigv-create-signed-request.html.
 */
function signatureOf({ headers, method, path, query }: Sent): string {
  const { authorization = '', 'x-amz-date': at = '', 'x-amz-content-sha256': payload } = headers;
  const signed = /SignedHeaders=([^,]+)/.exec(authorization)?.[1] ?? '';
  const scope = /Credential=[^/]+\/([^,]+)/.exec(authorization)?.[1] ?? '';
  const lines = signed.split(';').map((name) => `${name}:${headers[name]?.trim()}\n`);
  const asked = Object.entries(query).map((each) => each.map(encodeURIComponent).join('='));
  const canonical = [method, path, asked.sort().join('&'), lines.join(''), signed, payload];
  const toSign = ['AWS4-HMAC-SHA256', at, scope, sha256(canonical.join('\n'))].join('\n');
  const key = scope.split('/').reduce<string | Buffer>(hmac, `AWS4${secretKey}`);
  return hmac(key, toSign).toString('hex');
}

function signedAs({ headers }: Sent): string | undefined {
  return /Signature=(\w+)/.exec(headers.authorization ?? '')?.[1];
}

async function textOf(key: string): Promise<string | null> {
  const stored = await store.get(key);
  return stored && Buffer.from(stored.body).toString();
}

test('the first read is the SDK’s, and all others are signed as AWS asks and name the owner', async () => {
  for (const key of ['records/issue/a.json', 'records/issue/b-1.json', 'x']) {
    await store.put(key, key, 'application/json');
    expect(await textOf(key)).toBe(key);
  }
  expect(sent.map((each) => 'amz-sdk-request' in each.headers)).toEqual([true, false, false]);
  for (const each of sent) {
    expect(each.headers).toMatchObject({ 'x-amz-expected-bucket-owner': homeAccount });
    expect(signedAs(each)).toBe(signatureOf(each));
  }
});

test('what comes back is what the SDK brings', async () => {
  await store.put('a', 'one', 'text/plain');
  const first = await store.get('a');
  const second = await store.get('a');
  expect(second).toEqual(first);
  expect(second?.modifiedAt).toBeInstanceOf(Date);
});

test.each([
  ['refused', { do: 'refuse', code: 'SlowDown', status: 503 }],
  ['cut off', { do: 'lose-answer' }],
] as const)('a read that is %s is asked for again by the SDK', async (_, fault) => {
  await store.put('a', 'one', 'text/plain');
  await store.get('a');
  front.faults.add({ when: ({ operation }) => operation === 'GetObject', fault });
  expect(await textOf('a')).toBe('one');
  expect(sent.map((each) => 'amz-sdk-request' in each.headers)).toEqual([true, false, true]);
});

test('a read whose run has ended is not sent, and not asked for again', async () => {
  await store.put('a', 'one', 'text/plain');
  await store.get('a');
  const ended = AbortSignal.abort(new Error('the run has ended'));
  await expect(withinDeadline(ended, () => textOf('a'))).rejects.toThrow();
  expect(front.faults.calls.filter(({ operation }) => operation === 'GetObject')).toHaveLength(1);
});

test('an object that is gone is null', async () => {
  await store.put('a', 'one', 'text/plain');
  await store.get('a');
  expect(await textOf('b')).toBeNull();
  expect(sent).toHaveLength(2);
});

test.each([
  ['AccessDenied', 403],
  ['NoSuchBucket', 404],
])('%s is an error, and not an object that is gone', async (code, status) => {
  await store.put('a', 'one', 'text/plain');
  await store.get('a');
  front.faults.add({
    when: ({ operation }) => operation === 'GetObject',
    fault: { do: 'refuse', code, status },
    times: 2,
  });
  await expect(textOf('a')).rejects.toMatchObject({ name: code });
});

test.each(['a b', 'a+b', 'Grüße', 'a?b=c', 'a%2Fb'])(
  'the key %s is left to the SDK',
  async (key) => {
    await store.put('a', 'one', 'text/plain');
    await store.get('a');
    await store.put(key, key, 'text/plain');
    expect(await textOf(key)).toBe(key);
    expect('amz-sdk-request' in (sent.at(-1)?.headers ?? {})).toBe(true);
  },
);
