import { PutObjectCommand, S3Client } from '@aws-sdk/client-s3';
import { operatorClient } from 'local-cloud/operator.ts';
import { partWith } from '#shared/ledger/parts/split.ts';
import { partKey, writers } from '#shared/ledger/parts/writers.ts';
import type { CertificateRecord } from '#shared/ledger/record/record.ts';
import { recordIn, storedParts } from '#shared/ledger/stored-parts.ts';
import type { World } from '#test/support/world.ts';
import type { Keys } from './actors.ts';

export type Hands = {
  readonly world: World;
  /** Options for any SDK client with the actor's permissions. */
  readonly client: ReturnType<typeof operatorClient> & { readonly maxAttempts: number };
  /**
   * Writes an object in any way that the actor may.
   * @throws S3's error for the last way
   */
  put(key: string, body: string | Buffer): Promise<void>;
  /** Overwrites the record of a certificate with these changes. */
  write(
    id: string,
    change: (record: CertificateRecord) => Partial<CertificateRecord>,
  ): Promise<void>;
};

export function handsOf(world: World, credentials: Keys): Hands {
  const { endpoint } = world.cloud;
  const { requestHandler } = operatorClient(world.cloud, 'us-east-1');
  const client = { endpoint, region: 'us-east-1', credentials, maxAttempts: 1, requestHandler };
  const s3 = new S3Client({ ...client, forcePathStyle: true });

  async function put(Key: string, body: string | Buffer): Promise<void> {
    const input = { Bucket: world.names.bucket, Key, Body: Buffer.from(body) };
    try {
      await s3.send(new PutObjectCommand(input));
    } catch {
      // An actor that may not use the key asks S3 for S3's own.
      await s3.send(new PutObjectCommand({ ...input, ServerSideEncryption: 'AES256' }));
    }
  }

  return {
    world,
    client,
    put,
    async write(id, change) {
      const bodyOf = (key: string) => world.cloud.s3.bytesOf(world.names.bucket, key);
      const get = async (key: string) => {
        const body = bodyOf(key);
        return body && { body, etag: '' };
      };
      const reader = { objects: { get }, clock: world.clock, writer: 'check' } as const;
      const stored = await storedParts(reader, id);
      const before = recordIn(reader, id, stored);
      const after = { ...before, ...change(before) };
      const now = world.clock.now();
      const changed = { parts: stored.parts, before, after, writeId: 'forged', now };
      // Each object gets all of it, so that any object that the actor may write has as much as possible.
      const tries = writers.map((writer) =>
        put(partKey(writer, id), JSON.stringify(partWith(writer, changed))),
      );
      const done = await Promise.allSettled(tries);
      if (done.every(({ status }) => status === 'rejected')) await tries[0];
    },
  };
}

/** Says whether AWS has refused a call. */
export function isDenial(error: unknown): boolean {
  return /is not authorized to perform|explicit deny|Access ?Denied/i.test(String(error));
}
